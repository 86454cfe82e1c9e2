// The log says what is committed; all else that bears our names goes.
#include "actors/coordinator/output/folder_recovery.hpp"

#include <cerrno>
#include <charconv>
#include <optional>
#include <vector>

#include <sys/file.h>

#include "actors/coordinator/output/corrupt_output.hpp"

namespace trainyard {

namespace {

namespace fs = std::filesystem;

/// The number of a file that is named `prefix`NNNNN and something.
std::optional<std::uint64_t> number_in(std::string_view name, std::string_view prefix) {
  std::uint64_t number = 0;
  if (!name.starts_with(prefix))
    return std::nullopt;
  name.remove_prefix(prefix.size());
  if (std::from_chars(name.data(), name.data() + name.size(), number).ec != std::errc())
    return std::nullopt;
  return number;
}

using shard_name = std::string (*)(std::uint64_t);

result<void> remove_stray(const fs::path& directory, std::string_view prefix, shard_name name_of,
                          const shard_log& log) {
  std::error_code error;
  std::vector<fs::path> stray;
  for (fs::directory_iterator each(directory, error), end; !error && each != end; each.increment(error)) {
    const auto name = each->path().filename().string();
    const auto number = number_in(name, prefix);
    const auto final_name = fs::path(number ? name_of(*number) : "").filename();
    if (number && (name == temporary_of(final_name) || (name == final_name && !log.live().contains(*number))))
      stray.push_back(each->path());
  }
  if (error)
    return disk_failure("cannot list", directory, error.value());
  for (const auto& each : stray)
    if (auto removed = remove_file(each); !removed)
      return tl::unexpected(std::move(removed).error());
  return stray.empty() ? result<void>{} : sync_directory(directory);
}

result<void> check_size(const fs::path& file, std::uint64_t wanted) {
  std::error_code error;
  const auto found = fs::file_size(file, error);
  if (error)
    return corrupt_output("committed shard " + file.string() + ": " + error.message());
  if (found != wanted)
    return corrupt_output("committed shard " + file.string() + " has " + std::to_string(found) +
                          " bytes, not " + std::to_string(wanted));
  return {};
}

} // namespace

result<void> refuse_foreign(const folder_layout& at) {
  std::error_code error;
  if (fs::exists(at.spec(), error) || !fs::exists(at.root, error))
    return {};
  for (fs::directory_iterator each(at.root, error), end; !error && each != end; each.increment(error)) {
    const auto name = each->path().filename();
    // What other rooms, the Finder and a fresh file system leave in an empty folder.
    if (name != ".trainyard" && name != ".DS_Store" && name != "lost+found")
      return fail(failure_kind::output_mismatch,
                  at.root.string() + " is not empty and no output of trainyard: it holds " + name.string(),
                  "give an empty or new folder as --out");
  }
  if (error)
    return disk_failure("cannot list", at.root, error.value());
  return {};
}

result<durable_file> lock_folder(const folder_layout& at) {
  auto lock = durable_file::open_existing_or_new(at.lock());
  if (!lock)
    return lock;
  while (::flock(lock->descriptor(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR)
      continue;
    if (errno != EWOULDBLOCK)
      return disk_failure("cannot lock", at.lock(), errno);
    return fail(failure_kind::output_busy, at.root.string() + " is in use by another trainyard",
                "wait until it ends or stop it, or give another --out");
  }
  return lock;
}

result<void> check_committed(const folder_layout& at, const shard_log& log) {
  for (const auto& [number, shard] : log.live()) {
    auto whole = check_size(at.root / folder_layout::npy_name(number), shard.record.npy_bytes).and_then([&] {
      return check_size(at.root / folder_layout::parquet_name(number), shard.record.parquet_bytes);
    });
    if (!whole)
      return whole;
  }
  return {};
}

result<void> remove_uncommitted(const folder_layout& at, const shard_log& log) {
  for (const auto& file : {at.spec(), at.session()})
    if (auto removed = remove_file(temporary_of(file)); !removed)
      return tl::unexpected(std::move(removed).error());
  return remove_stray(at.vectors(), "img_emb_", folder_layout::npy_name, log).and_then([&] {
    return remove_stray(at.metadata(), "metadata_", folder_layout::parquet_name, log);
  });
}

result<void> place_swept_failures(const folder_layout& at, std::uint64_t swept) {
  std::error_code error;
  std::vector<fs::path> stray;
  for (fs::directory_iterator each(at.own(), error), end; !error && each != end; each.increment(error))
    if (number_in(each->path().filename().string(), folder_layout::swept_failures_start))
      stray.push_back(each->path());
  if (error)
    return disk_failure("cannot list", at.own(), error.value());
  for (const auto& each : stray) {
    const bool counts = each == at.swept_failures(swept);
    const auto done = counts
                          ? rename_file(each, at.failures()).and_then([&] { return sync_directory(at.root); })
                          : remove_file(each).map([](bool) {});
    if (!done)
      return done;
  }
  return stray.empty() ? result<void>{} : sync_directory(at.own());
}

result<durable_file> recover_failures(const folder_layout& at, std::uint64_t committed_bytes) {
  auto failures = durable_file::open_existing_or_new(at.failures());
  if (!failures)
    return failures;
  const auto size = failures->size();
  if (!size)
    return tl::unexpected(size.error());
  if (*size < committed_bytes)
    return corrupt_output(at.failures().string() + " has " + std::to_string(*size) + " bytes, " +
                          std::to_string(committed_bytes) + " are committed");
  if (*size > committed_bytes)
    if (auto cut = failures->truncate(committed_bytes); !cut)
      return tl::unexpected(std::move(cut).error());
  return failures;
}

} // namespace trainyard
