// Shards and failures read back with nothing of the session's own bookkeeping but the log of shards.
#include "tests/simulation/closed_books.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "actors/coordinator/output/folder_layout.hpp"
#include "actors/coordinator/output/metadata_table.hpp"
#include "actors/coordinator/output/npy_file.hpp"
#include "actors/coordinator/output/output_folder.hpp"
#include "actors/coordinator/output/shard_log.hpp"
#include "actors/coordinator/session_keeper.hpp"
#include "actors/disk/sha256.hpp"
#include "messages/failure.hpp"

namespace trainyard::simulation {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t row_bytes = 16;

std::string bytes_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

work_batch work_of(const std::vector<expected_image>& images) {
  work_batch work;
  work.session = "s1";
  work.batch = images.front().batch;
  work.space_id = "space";
  work.dtype = "fp32";
  for (const auto& each : images)
    work.assets.push_back({each.asset.path, each.asset.bytes, each.asset.mtime_ns});
  return work;
}

std::optional<std::string> read_failures(const fs::path& file, std::uint64_t bytes, failures_by_path& into) {
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

struct all_rows {
  std::string vectors;
  std::vector<std::string> paths;
};

std::optional<std::string> read_rows(const fs::path& out, const shard_log& log, all_rows& rows) {
  std::vector<live_shard> shards;
  for (const auto& [number, shard] : log.live())
    shards.push_back(shard);
  std::ranges::sort(shards, {}, &live_shard::first_batch);
  for (const auto& [record, first, end] : shards) {
    const auto name = "shard " + std::to_string(*record.shard);
    const auto npy = bytes_of(out / folder_layout::npy_name(*record.shard));
    const auto parquet = out / folder_layout::parquet_name(*record.shard);
    if (to_hex(sha256_of(npy)) != record.npy_sha256 ||
        to_hex(sha256_of(bytes_of(parquet))) != record.parquet_sha256)
      return name + " is not what was committed";
    const auto metadata = read_metadata(parquet);
    if (!metadata)
      return name + ": " + metadata.error().cause;
    rows.vectors += npy.substr(npy_header_bytes);
    for (const auto& row : *metadata)
      rows.paths.push_back(row.image_path);
  }
  return std::nullopt;
}

/// Nothing, or what is wrong about its place in the books.
std::optional<std::string> check_failure(const expected_image& image, const std::string& code) {
  const auto& path = image.asset.path;
  if (is_poison(path) && code != code_of(failure_kind::image_ends_workers))
    return path + " ends workers, and failed as " + code;
  return std::nullopt;
}

std::optional<std::string> check_rows(const all_rows& rows, const std::vector<expected_image>& wanted) {
  for (std::size_t i = 0; i < std::min(rows.paths.size(), wanted.size()); ++i) {
    const auto& image = wanted[i];
    if (rows.paths[i] != image.asset.path)
      return "row " + std::to_string(i) + " is of " + rows.paths[i] + ", wanted is " + image.asset.path;
    if (rows.vectors.compare(i * row_bytes, row_bytes,
                             reinterpret_cast<const char*>(outcome_of(work_of({image})).vectors.bytes.data()),
                             row_bytes) != 0)
      return "the row of " + image.asset.path + " is not its vector";
  }
  if (rows.paths.size() != wanted.size())
    return std::to_string(rows.paths.size()) + " rows in the shards, " + std::to_string(wanted.size()) +
           " are wanted";
  return std::nullopt;
}

} // namespace

closed_books read_books(const fs::path& out, const expected_output& expected,
                        const std::function<bool(const expected_image&)>& may_fail) {
  closed_books books;
  const auto wrong = [&](std::string what) {
    books.wrong = std::move(what);
    return std::move(books);
  };
  if (!fs::exists(out / "session.json"))
    return wrong("there is no session.json");
  const auto log = shard_log::open(folder_layout{out}.log());
  if (!log)
    return wrong(log.error().cause);
  all_rows rows;
  if (auto bad = read_failures(out / "failures.jsonl", log->last().failures_bytes, books.failures))
    return wrong(*bad);
  if (auto bad = read_rows(out, *log, rows))
    return wrong(*bad);
  std::vector<expected_image> wanted;
  std::size_t failed = 0;
  for (const auto& each : expected.images()) {
    const auto found = books.failures.find(each.asset.path);
    const bool good = !is_bad(each.asset.path) && !is_poison(each.asset.path);
    if (found == books.failures.end()) {
      if (!good)
        return wrong(each.asset.path + " can have no vector and did not fail");
      wanted.push_back(each);
      continue;
    }
    ++failed;
    books.given_up += good ? 1 : 0;
    if (auto bad = check_failure(each, found->second))
      return wrong(*bad);
    if (good && !may_fail(each))
      return wrong(each.asset.path + " failed as " + found->second + ", and nothing is the matter with it");
  }
  if (failed != books.failures.size())
    return wrong("failures.jsonl names " + std::to_string(books.failures.size()) + " images, expected are " +
                 std::to_string(failed));
  books.wrong = check_rows(rows, wanted);
  return books;
}

std::optional<std::string> differs_from_undisturbed(const fs::path& out, const simulated_session& session,
                                                    const expected_output& expected,
                                                    const fs::path& scratch) {
  auto folder = output_folder::open(scratch, spec_of(session.config(scratch)));
  if (!folder)
    return folder.error().cause;
  const auto& images = expected.images();
  for (std::uint64_t batch = 0; batch < expected.batches(); ++batch) {
    const auto first = std::ranges::lower_bound(images, batch, {}, &expected_image::batch);
    const auto end = std::ranges::upper_bound(images, batch, {}, &expected_image::batch);
    const auto work = work_of({first, end});
    if (auto written = folder->emit(batch, work.assets, outcome_of(work)); !written)
      return written.error().cause;
  }
  if (auto finished = folder->finish({"completed", images.size(), 0}); !finished)
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
