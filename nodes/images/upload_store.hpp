// Uploaded images on disk: parts gather in a file that no listing shows, then get their name at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "actors/device/image/root_directory.hpp"
#include "actors/disk/sha256.hpp"
#include "nodes/images/upload_quota.hpp"

namespace trainyard {

struct uploaded_image {
  std::string folder; ///< a token
  std::string path;   ///< below it
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  sha256_digest sha256{};
};

/// Thread safe, and beside other processes on the same folder. Nothing is kept between calls, so that each
/// part of an image may come to another coordinator. No link is followed on the way to what is written.
/// Blocks.
class upload_store {
public:
  /// `root` is made where it is missing.
  [[nodiscard]] static result<std::unique_ptr<upload_store>> open(const std::filesystem::path& root,
                                                                  upload_limits limits);

  [[nodiscard]] result<bool> holds(const uploaded_image& image) const;
  /// Nothing happens where the image is whole already: a part may come late, after another one like it.
  [[nodiscard]] result<void> write(const uploaded_image& image, std::uint64_t offset,
                                   std::span<const std::byte> bytes);
  /// After the last write: content, time and name survive a power cut. asset_changed where the content is not
  /// what was announced; then nothing of it is kept.
  [[nodiscard]] result<void> finish(const uploaded_image& image);

private:
  upload_store(std::filesystem::path root, root_directory directory, upload_limits limits);
  struct parts_file;
  /// Without a file where the image is held already.
  [[nodiscard]] result<parts_file> open_parts(const uploaded_image& image);

  std::filesystem::path path_;
  root_directory root_;
  upload_quota quota_;
};

} // namespace trainyard
