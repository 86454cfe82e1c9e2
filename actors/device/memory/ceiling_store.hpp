// Remembers, across restarts of the program, how many images at once each device had room for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

#include "messages/failure.hpp"

namespace trainyard {

/// What decides how much memory a pass needs, and whose memory it is. `space_id` stands for the model.
struct ceiling_key {
  std::string device_id; ///< boards of one name may differ in memory
  std::string device_kind;
  std::string device_name;
  std::string space_id;
  std::string precision;
  std::uint32_t resolution = 0; ///< side of the images that the network sees, pixels
};

struct learned_ceiling {
  std::uint32_t images = 0;      ///< at once
  std::uint64_t limit_bytes = 0; ///< of the device when that was learned
  bool operator==(const learned_ceiling&) const = default;
};

/// One small JSON file. Any thread; calls block for the disk. Of two processes that write at once the last
/// one wins: what the other learned is learned again.
class ceiling_store {
public:
  /// The file and its folder need not exist.
  explicit ceiling_store(std::filesystem::path file) : file_(std::move(file)) {}

  /// Nothing when none is known, or when the device has a quarter more memory now than then: what did not fit
  /// may fit now. A file that cannot be read or parsed is an error, and worth no more than a warning.
  [[nodiscard]] result<std::optional<std::uint32_t>> recall(const ceiling_key& key,
                                                            std::uint64_t limit_bytes);
  /// Nothing forgets the key. Durable when it returns.
  [[nodiscard]] result<void> remember(const ceiling_key& key, std::optional<learned_ceiling> learned);

  [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }

private:
  std::filesystem::path file_;
  std::mutex mutex_;
};

} // namespace trainyard
