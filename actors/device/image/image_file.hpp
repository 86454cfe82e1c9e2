// The whole content of one file, bounded in size, and its SHA-256.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "actors/device/image/large_block.hpp"
#include "actors/disk/owned_fd.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// Larger files are asset_too_large: no photo needs it, and a worker holds many of them at once.
inline constexpr std::uint64_t max_file_bytes = 64ULL << 20U;

struct image_file {
  byte_buffer bytes;
  std::array<std::byte, 32> sha256{};
  std::int64_t mtime_ns = 0;
};

/// Reads from the start of a regular file to its end. Blocks on the disk. asset_empty, asset_too_large,
/// asset_changed when the size changes meanwhile, asset_io.
[[nodiscard]] result<image_file> read_whole_file(const owned_fd& file);

} // namespace trainyard
