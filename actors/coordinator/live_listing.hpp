// What the output holds, in path order over all generations: runs of item numbers on disk, paths from the
// manifest.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "actors/coordinator/generation_files.hpp"
#include "actors/coordinator/manifest.hpp"
#include "actors/disk/durable_file.hpp"
#include "actors/disk/sha256.hpp"

namespace trainyard {

struct live_item {
  std::uint64_t item = 0;
  bool touched =
      false; ///< its time is not the manifest's: the file was touched since, its content is the same
  listed_asset asset;
};

/// Consecutive items, or one that was touched.
struct live_run {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::int64_t mtime_ns = 0;
  bool touched = false;
};

/// Reads as a stream; memory of a portion, whatever the length. Every call may block on the disk.
class live_listing {
public:
  /// All items of the first generation.
  [[nodiscard]] static live_listing of_first_generation(manifest_reader manifest);
  [[nodiscard]] static result<live_listing> open(manifest_reader manifest, const generation_files& files,
                                                 const generation_note& note);

  /// The next item in path_before order; nothing at the end, and then what was read has been checked:
  /// output_corrupt where the file is not the one that the note tells of.
  [[nodiscard]] result<std::optional<live_item>> next();

private:
  explicit live_listing(manifest_reader manifest) : manifest_(std::move(manifest)) {}
  [[nodiscard]] result<bool> next_run();
  [[nodiscard]] result<void> check_end();

  manifest_reader manifest_;
  std::optional<durable_file> file_; ///< of runs; none: one run over all
  std::uint64_t file_bytes_ = 0;
  std::string sha256_;
  sha256 seen_;
  std::string portion_; ///< of the file, from portion_at_ on
  std::size_t portion_at_ = 0;
  std::uint64_t offset_ = 0; ///< behind the portion
  live_run run_;             ///< what is left of it
  std::vector<listed_asset> items_;
  std::uint64_t first_of_items_ = 0;
};

/// Writes the runs of a listing; joins what follows on.
class live_listing_writer {
public:
  explicit live_listing_writer(std::filesystem::path file) : path_(std::move(file)) {}

  /// In path_before order of the items' paths. Blocks on the disk now and then.
  [[nodiscard]] result<void> add(std::uint64_t item, std::optional<std::int64_t> mtime_ns_of_touched = {});
  /// Fills in the live part of `note`; the content is durable, its name not yet.
  [[nodiscard]] result<void> finish(generation_note& note);
  /// Removes what was written.
  [[nodiscard]] result<void> discard();

private:
  void put_run();
  [[nodiscard]] result<void> flush();

  std::filesystem::path path_;
  durable_file file_;
  std::uint64_t written_ = 0;
  std::string buffer_;
  sha256 seen_;
  live_run run_;
  std::uint64_t items_ = 0;
};

} // namespace trainyard
