// Shards and failures read back with nothing of the session's own bookkeeping but the log of shards.
#include "tests/simulation/closed_books.hpp"

#include <fstream>
#include <map>
#include <sstream>

#include <nlohmann/json.hpp>

#include "actors/coordinator/output/folder_layout.hpp"
#include "actors/coordinator/output/npy_file.hpp"
#include "actors/coordinator/output/output_folder.hpp"
#include "actors/coordinator/output/shard_log.hpp"
#include "actors/coordinator/session_keeper.hpp"
#include "actors/disk/sha256.hpp"
#include "tests/support/made_results.hpp"

namespace trainyard::simulation {

namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string sha256_hex(const std::string& bytes) {
  return to_hex(sha256_of(bytes));
}

work_batch batch_of(const simulated_session& session, std::uint64_t batch) {
  work_batch work;
  work.session = "s1";
  work.batch = batch;
  work.space_id = "space";
  work.dtype = "fp32";
  for (auto i = batch * session.batch_size; i < std::min(session.images, (batch + 1) * session.batch_size);
       ++i) {
    auto item = session.item(i);
    work.assets.push_back({item.path, item.bytes, item.mtime_ns});
  }
  return work;
}

/// By path; every failed image's code.
std::optional<std::string> read_failures(const fs::path& file, std::uint64_t bytes,
                                         std::map<std::string, std::string>& into) {
  std::istringstream lines(bytes_of(file).substr(0, bytes));
  for (std::string line; std::getline(lines, line);) {
    const auto parsed = nlohmann::json::parse(line, nullptr, false);
    if (!parsed.is_object())
      return "failures.jsonl holds '" + line + "'";
    const auto path = parsed.value("asset", "");
    if (!into.emplace(path, parsed.value("code", "")).second)
      return path + " stands twice in failures.jsonl";
  }
  return std::nullopt;
}

std::optional<std::string> read_rows(const fs::path& out, const shard_log& log, std::string& rows) {
  for (const auto& record : log.records()) {
    if (!record.shard)
      continue;
    const auto npy = bytes_of(out / folder_layout::npy_name(*record.shard));
    const auto parquet = bytes_of(out / folder_layout::parquet_name(*record.shard));
    if (sha256_hex(npy) != record.npy_sha256 || sha256_hex(parquet) != record.parquet_sha256)
      return "shard " + std::to_string(*record.shard) + " is not what was committed";
    rows += npy.substr(npy_header_bytes);
  }
  return std::nullopt;
}

} // namespace

std::optional<std::string> books_are_closed(const fs::path& out, const simulated_session& session,
                                            bool may_give_up) {
  if (!fs::exists(out / "session.json"))
    return "there is no session.json";
  const auto log = shard_log::open(folder_layout{out}.log());
  if (!log)
    return log.error().cause;
  std::map<std::string, std::string> failures;
  std::string rows;
  if (auto wrong = read_failures(out / "failures.jsonl", log->last().failures_bytes, failures))
    return wrong;
  if (auto wrong = read_rows(out, *log, rows))
    return wrong;
  std::string wanted;
  std::size_t known_failures = 0;
  for (std::uint64_t batch = 0; batch < session.batches(); ++batch) {
    const auto work = batch_of(session, batch);
    const auto made = testing::made_result(work);
    const auto row_bytes = made.embedded.empty() ? 0 : made.vectors.bytes.size() / made.embedded.size();
    for (std::size_t i = 0; i < made.embedded.size(); ++i) {
      const auto& path = work.assets[made.embedded[i].position].path;
      if (!failures.contains(path))
        wanted.append(reinterpret_cast<const char*>(made.vectors.bytes.data()) + i * row_bytes, row_bytes);
      else if (++known_failures; !may_give_up)
        return path + " failed, and no device was lost";
    }
    for (const auto& each : made.failed) {
      if (!failures.contains(work.assets[each.position].path))
        return work.assets[each.position].path + " cannot be read and did not fail";
      ++known_failures;
    }
  }
  if (known_failures != failures.size())
    return "failures.jsonl names " + std::to_string(failures.size()) + " images, of the listing's are " +
           std::to_string(known_failures);
  if (rows.size() != wanted.size())
    return std::to_string(rows.size() / 16) + " rows in the shards, " + std::to_string(wanted.size() / 16) +
           " are wanted";
  if (rows != wanted)
    return "a row is not the vector of its path";
  return std::nullopt;
}

std::optional<std::string> differs_from_undisturbed(const fs::path& out, const simulated_session& session,
                                                    const fs::path& scratch) {
  auto folder = output_folder::open(scratch, spec_of(session.config(scratch)));
  if (!folder)
    return folder.error().cause;
  for (std::uint64_t batch = 0; batch < session.batches(); ++batch) {
    const auto work = batch_of(session, batch);
    if (auto written = folder->emit(batch, work.assets, testing::made_result(work)); !written)
      return written.error().cause;
  }
  if (auto finished = folder->finish({"completed", session.images, 0}); !finished)
    return finished.error().cause;
  for (const auto& each : fs::recursive_directory_iterator(scratch)) {
    const auto name = fs::relative(each.path(), scratch);
    const bool told_to_users = name.begin()->string() != ".trainyard" && name != "failures.jsonl";
    if (each.is_regular_file() && told_to_users && bytes_of(each.path()) != bytes_of(out / name))
      return name.string() + " is not what an undisturbed run writes";
  }
  return std::nullopt;
}

} // namespace trainyard::simulation
