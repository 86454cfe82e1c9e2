// Whole reads and writes at an offset of a descriptor, and the sync that reaches the medium on each system.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <sys/stat.h>

#include "actors/disk/checksum.hpp"
#include "actors/disk/owned_fd.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// open(2) with O_CLOEXEC and mode 0600, taken up again after a signal. Empty with errno set on failure.
[[nodiscard]] owned_fd open_file(const std::filesystem::path& file, int flags);

/// 0, or the errno. Some of the bytes may be written on failure.
[[nodiscard]] int write_at(int fd, std::uint64_t offset, std::string_view bytes);
/// Up to `count` bytes, fewer at the end of the file only. False with errno set on an input error.
[[nodiscard]] bool read_at(int fd, std::uint64_t offset, std::size_t count, std::string& into);
/// The file's length, or an input error's text.
[[nodiscard]] result<std::uint64_t> length_of(int fd, const std::filesystem::path& file);

/// Content and length reach the medium: fdatasync, and F_FULLFSYNC on macOS, where fsync leaves them in the
/// drive's cache. 0 or the errno.
[[nodiscard]] int sync_content(int fd);
/// Time of modification, nanoseconds since the epoch.
[[nodiscard]] std::int64_t mtime_ns_of(const struct stat& found);

} // namespace trainyard
