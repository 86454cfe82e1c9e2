// Finds where the valid part of a manifest ends, and tells a crash's torn tail from damage.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "messages/failure.hpp"

namespace trainyard {

struct manifest_extent {
  std::uint64_t end = 0; ///< of the last valid block, the seal included
  std::uint64_t file_bytes = 0;
  std::uint64_t items = 0;
  bool sealed = false;
  std::string last_path;
};

/// An unsealed manifest is checked whole; of a sealed one the headers (readers check payloads as they read).
/// output_corrupt where a block is damaged although a later one says that it was durable.
[[nodiscard]] result<manifest_extent> scan_manifest(int fd, const std::filesystem::path& file);

/// The failure for damage at `offset`.
[[nodiscard]] tl::unexpected<failure> manifest_damaged(const std::filesystem::path& file,
                                                       std::uint64_t offset);

} // namespace trainyard
