// The made session; its values follow from batch and position.
#include "tests/unit/output/made_batches.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <fstream>
#include <iterator>

namespace trainyard::testing {

namespace fs = std::filesystem;

output_spec made_spec(std::uint64_t shard_rows) {
  output_spec spec;
  spec.session_id = "s1";
  spec.directory = "/photos/\xff";
  spec.model = "efficientnet-lite0";
  spec.space_id = "00112233aabbccdd";
  spec.dim = 3;
  spec.dtype = "fp32";
  spec.precision = "fp32";
  spec.batch_size = 4;
  spec.shard_rows = shard_rows;
  spec.more = {{"listing", "abc"}};
  return spec;
}

namespace {

work_asset make_asset(std::uint64_t batch, std::uint32_t position) {
  auto path = "dir " + std::to_string(batch) + "/\xC3\xA9-" + std::to_string(position);
  if (position == 1)
    path += "-\xFE\x80.jpg"; // no UTF-8
  return {path, 1000 + batch, 1'700'000'000'123'456'789 + position};
}

void add_vector(batch_result& done, std::uint64_t batch, std::uint32_t position) {
  for (std::uint32_t i = 0; i < done.dim; ++i) {
    const auto value =
        static_cast<float>(batch) + static_cast<float>(position) / 8.0F + static_cast<float>(i) / 64.0F;
    const auto raw = std::bit_cast<std::array<std::byte, 4>>(value);
    if (done.dtype == "fp32")
      done.vectors.bytes.insert(done.vectors.bytes.end(), raw.begin(), raw.end());
    else
      done.vectors.bytes.insert(done.vectors.bytes.end(), {std::byte(position), std::byte(i)});
  }
}

} // namespace

made_batch make_batch(const output_spec& spec, std::uint64_t number,
                      const std::vector<std::uint32_t>& fails) {
  made_batch made;
  made.done.session = spec.session_id;
  made.done.batch = number;
  made.done.device = "cpu";
  made.done.precision = "fp32";
  made.done.space_id = spec.space_id;
  made.done.dtype = spec.dtype;
  made.done.dim = spec.dim;
  for (std::uint32_t position = 0; position < 4; ++position) {
    made.assets.push_back(make_asset(number, position));
    if (std::ranges::find(fails, position) != fails.end()) {
      made.done.failed.push_back({position, 2102, "cut \xff short \"\n"});
      continue;
    }
    const blob hash{std::vector<std::byte>(32, std::byte(position))};
    made.done.embedded.push_back({position, 640 + position, 480, 1000 + number, hash});
    add_vector(made.done, number, position);
  }
  return made;
}

std::vector<made_batch> made_session(const output_spec& spec) {
  const std::vector<std::uint32_t> all{0, 1, 2, 3};
  std::vector<made_batch> session;
  for (const auto& fails :
       std::vector<std::vector<std::uint32_t>>{{}, {1}, all, all, all, {0, 3}, {}, {2}, all})
    session.push_back(make_batch(spec, session.size(), fails));
  return session;
}

session_summary summary_of(const std::vector<made_batch>& session) {
  return {"completed", session.size() * 4 + 2, 2};
}

result<void> write_session(const fs::path& out, const output_spec& spec,
                           const std::vector<made_batch>& session) {
  auto folder = output_folder::open(out, spec);
  if (!folder)
    return tl::unexpected(folder.error());
  for (auto batch = folder->next_batch(); batch < session.size(); ++batch)
    if (auto emitted = folder->emit(batch, session[batch].assets, session[batch].done); !emitted)
      return emitted;
  return folder->finish(summary_of(session));
}

std::map<std::string, std::string> contents_of(const fs::path& root) {
  std::map<std::string, std::string> contents;
  for (const auto& each : fs::recursive_directory_iterator(root)) {
    if (!each.is_regular_file() || each.path().filename() == "lock")
      continue;
    std::ifstream file(each.path(), std::ios::binary);
    contents[fs::relative(each.path(), root).string()] = {std::istreambuf_iterator<char>(file), {}};
  }
  return contents;
}

} // namespace trainyard::testing
