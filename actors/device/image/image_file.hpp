// The whole content of one file, bounded in size, and its SHA-256.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "actors/device/image/large_block.hpp"
#include "actors/disk/owned_fd.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// Larger files are asset_too_large: no photo needs it, and a worker holds many of them at once.
inline constexpr std::uint64_t max_file_bytes = 64ULL << 20U;

struct file_facts {
  std::uint64_t bytes = 0;
  std::array<std::byte, 32> sha256{};
  std::int64_t mtime_ns = 0;
};

/// asset_empty or asset_too_large for a size that no image may have.
[[nodiscard]] result<void> check_file_size(std::uint64_t bytes);

/// Gives the memory that a file is read into: a block that is there already, or one that is made for it; at
/// least as large as asked for.
/// Asked once for room for that many bytes, at most max_file_bytes + 1.
using file_memory = std::function<std::span<std::uint8_t>(std::size_t bytes)>;

/// Reads a regular file from its start to its end into memory of the caller's. Blocks on the disk.
/// asset_empty, asset_too_large, asset_changed when the size changes meanwhile, asset_io.
[[nodiscard]] result<file_facts> read_whole_file(const owned_fd& file, const file_memory& memory);

struct image_file {
  byte_buffer bytes;
  file_facts facts;
};
[[nodiscard]] result<image_file> read_whole_file(const owned_fd& file); ///< into memory of its own

} // namespace trainyard
