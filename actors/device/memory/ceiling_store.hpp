// Remembers, across restarts of the program, how many images at once each device had room for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

#include "messages/failure.hpp"

namespace trainyard {

/// What decides how much memory a pass needs, and how much there is. `space_id` stands for the model.
struct ceiling_key {
  std::string device_kind;
  std::string device_name;
  std::string space_id;
  std::string precision;
  std::uint32_t resolution = 0; ///< side of the images that the network sees, pixels
};

/// One small JSON file. Any thread; calls block for the disk. Of two processes that write at once the last
/// one wins: what the other learned is learned again.
class ceiling_store {
public:
  /// The file and its folder need not exist.
  explicit ceiling_store(std::filesystem::path file) : file_(std::move(file)) {}

  /// Images; nothing when none is known. A file that cannot be read or parsed is an error, and worth no more
  /// than a warning.
  [[nodiscard]] result<std::optional<std::uint32_t>> recall(const ceiling_key& key);
  /// `images` of nothing forgets the key. Durable when it returns.
  [[nodiscard]] result<void> remember(const ceiling_key& key, std::optional<std::uint32_t> images);

  [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }

private:
  std::filesystem::path file_;
  std::mutex mutex_;
};

} // namespace trainyard
