// The session's order of things: list or resume, embed, finish, compare, embed, sweep, finish.
#include "tests/unit/session/update_world.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "actors/coordinator/output/folder_layout.hpp"
#include "actors/coordinator/output/metadata_table.hpp"
#include "actors/disk/sha256.hpp"
#include "messages/codec.hpp"
#include "tests/unit/coordinator/files.hpp"

namespace trainyard::testing {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t row_bytes = 16; // 4 x fp32

batch_result result_of(const work_batch& work, const fs::path& photos) {
  batch_result done;
  done.session = work.session;
  done.batch = work.batch;
  done.node = "node";
  done.device = "cpu";
  done.precision = "fp32";
  done.space_id = work.space_id;
  done.dtype = "fp32";
  done.dim = 4;
  for (std::uint32_t i = 0; i < work.assets.size(); ++i) {
    std::error_code gone;
    const auto file = photos / work.assets[i].path;
    const auto content = fs::exists(file, gone) ? content_of(file) : "bad";
    if (content.starts_with("bad")) {
      done.failed.push_back({i, static_cast<std::uint32_t>(failure_kind::image_corrupt), "bad"});
      continue;
    }
    const auto hash = sha256_of(content);
    done.embedded.push_back({i, 10, 20, content.size(), {std::vector(hash.begin(), hash.end())}});
    for (std::size_t byte = 0; byte < row_bytes; ++byte) // finite: exponents stay small
      done.vectors.bytes.push_back(byte % 4 == 3 ? std::byte(0x3e) : hash[byte]);
  }
  return done;
}

result<void> store(session_keeper& keeper, const batch_result& done) {
  const auto payload = to_msgpack(done);
  const auto* one = &payload;
  return keeper.store({&one, 1}, std::chrono::steady_clock::now());
}

result<void> list(session_keeper& keeper, manifest_writer& listing, const session_config& config) {
  auto walk =
      directory_walk::open(config.directory, {.resume_after = listing.last_path(), .exclude = {config.out}});
  for (auto found = walk->next(); found && *found; found = walk->next())
    if (auto appended = listing.append(std::move(**found)); !appended)
      return appended;
  return listing.seal().and_then([&] { return keeper.listed(listing.durable_size(), true); });
}

} // namespace

void update_world::set_time(const fs::path& file) {
  fs::last_write_time(file, fs::file_time_type(std::chrono::seconds(1'000'000 + ++seconds_)));
}
void update_world::write(const std::string& name, const std::string& content) {
  set_time(dir.write("photos/" + name, content));
}
void update_world::touch(const std::string& name) {
  set_time(photos() / name);
}
void update_world::remove(const std::string& name) const {
  fs::remove(photos() / name);
}

session_config update_world::config() const {
  session_config config;
  config.session_id = "s1";
  config.directory = photos();
  config.out = out;
  config.root = "run";
  config.model = "mock";
  config.space_id = "space";
  config.dim = 4;
  config.precision = "fp32";
  config.dtype = "fp32";
  config.batch_size = 4;
  config.shard_rows = 8;
  config.prune = prune;
  config.retry_failed = retry_failed;
  return config;
}

result<bool> update_world::work(session_keeper& keeper, std::uint64_t most) {
  for (;;) {
    if (auto written = keeper.write_out(); !written)
      return tl::unexpected(written.error());
    if (keeper.all_written())
      return keeper.finish().map([] { return true; });
    if (keeper.sweep_is_due())
      continue;
    const auto next = keeper.next_work(std::chrono::steady_clock::now());
    if (!next)
      return tl::unexpected(next.error());
    if (!*next || batches == most)
      return false;
    ++batches;
    if (auto stored = store(keeper, result_of(**next, photos())); !stored)
      return tl::unexpected(stored.error());
  }
}

result<std::optional<changes_report>> update_world::run(std::uint64_t most) {
  batches = 0;
  auto keeper = session_keeper::open(config());
  if (!keeper)
    return tl::unexpected(keeper.error());
  const auto listing = keeper->take_listing();
  const bool of_earlier_run = listing->size() > 0;
  if (!listing->sealed())
    if (auto listed = list(*keeper, *listing, keeper->config()); !listed)
      return tl::unexpected(listed.error());
  auto done = work(*keeper, most);
  if (!done)
    return tl::unexpected(done.error());
  if (!*done || !of_earlier_run)
    return std::nullopt;
  auto update = directory_update::open(keeper->update_order_now(), listing);
  if (!update)
    return tl::unexpected(update.error());
  for (auto more = (*update)->step(); !more || *more; more = (*update)->step())
    if (!more)
      return tl::unexpected(more.error());
  auto report = keeper->take_up((*update)->changes());
  if (!report)
    return tl::unexpected(report.error());
  done = work(*keeper, most);
  if (!done)
    return tl::unexpected(done.error());
  const auto counts = keeper->counts();
  EXPECT_EQ(*done && counts.embedded + counts.failed != counts.total, false);
  return *report;
}

seen_output update_world::seen() const {
  seen_output seen;
  const folder_layout at{out};
  const auto session = nlohmann::json::parse(content_of(at.session()));
  std::size_t files = 0;
  for (const auto& shard : session["shards"]) {
    const auto npy = content_of(out / shard["npy"].get<std::string>());
    const auto parquet = out / shard["parquet"].get<std::string>();
    EXPECT_EQ(to_hex(sha256_of(npy)), shard["npy_sha256"]);
    EXPECT_EQ(to_hex(sha256_of(content_of(parquet))), shard["parquet_sha256"]);
    const auto rows = read_metadata(parquet).value();
    EXPECT_EQ(rows.size(), shard["rows"]);
    EXPECT_EQ(npy.size(), 128 + rows.size() * row_bytes);
    for (std::size_t i = 0; i < rows.size(); ++i)
      EXPECT_TRUE(seen.rows
                      .emplace(rows[i].image_path,
                               seen_row{npy.substr(128 + i * row_bytes, row_bytes), to_hex(rows[i].sha256)})
                      .second)
          << rows[i].image_path << " has two rows";
    files += 2;
  }
  for (const auto& folder : {at.vectors(), at.metadata()})
    for ([[maybe_unused]] const auto& each : fs::directory_iterator(folder))
      --files;
  EXPECT_EQ(files, 0U) << "files that session.json does not name";
  std::istringstream lines(content_of(at.failures()));
  for (std::string line; std::getline(lines, line);)
    ++seen.failures[nlohmann::json::parse(line)["asset"].get<std::string>()];
  EXPECT_EQ(seen.rows.size(), session["counts"]["embedded"]);
  EXPECT_EQ(seen.failures.size(), session["counts"]["failed"]);
  EXPECT_EQ(seen.rows.size() + seen.failures.size(), session["counts"]["total"]);
  return seen;
}

seen_output update_world::fresh() const {
  update_world other;
  fs::remove_all(other.photos());
  fs::copy(photos(), other.photos(), fs::copy_options::recursive);
  EXPECT_TRUE(other.run());
  return other.seen();
}

std::map<std::string, std::string> update_world::visible_bytes() const {
  std::map<std::string, std::string> bytes;
  for (const auto& entry : fs::recursive_directory_iterator(out))
    if (entry.is_regular_file() && entry.path().string().find(".trainyard") == std::string::npos)
      bytes[fs::relative(entry.path(), out).string()] = content_of(entry.path());
  return bytes;
}

} // namespace trainyard::testing
