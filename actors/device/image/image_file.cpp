// Reads to the end of the file, not to the size it once had: the two are compared afterwards.
#include "actors/device/image/image_file.hpp"

#include <cerrno>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include "actors/disk/positioned_io.hpp"
#include "actors/disk/sha256.hpp"

namespace trainyard {
namespace {

tl::unexpected<failure> changed(std::uint64_t from, const std::string& to) {
  return fail(failure_kind::asset_changed,
              "the file went from " + std::to_string(from) + " to " + to + " bytes while it was read",
              "run again with another --out when nothing writes to it");
}

/// How many bytes came before the end of the file or of the buffer.
result<std::size_t> read_fully(int file, std::span<std::uint8_t> buffer) {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    const ssize_t got =
        ::pread(file, buffer.data() + filled, buffer.size() - filled, static_cast<off_t>(filled));
    if (got == 0)
      break;
    if (got < 0 && errno != EINTR)
      return fail(failure_kind::asset_io,
                  "reading at byte " + std::to_string(filled) + ": " + errno_text(errno),
                  "check the disk or share, then run again with another --out");
    if (got > 0)
      filled += static_cast<std::size_t>(got);
  }
  return filled;
}

result<struct stat> status_of(int file) {
  struct stat found {};
  if (::fstat(file, &found) != 0)
    return fail(failure_kind::asset_io, "reading the size: " + errno_text(errno),
                "check the disk or share, then run again with another --out");
  return found;
}

} // namespace

result<void> check_file_size(std::uint64_t bytes) {
  if (bytes > max_file_bytes)
    return fail(failure_kind::asset_too_large,
                std::to_string(bytes) + " bytes, the limit is " + std::to_string(max_file_bytes),
                "export a smaller version of the image");
  if (bytes == 0)
    return fail(failure_kind::asset_empty, "0 bytes", "the file was perhaps never fully copied");
  return {};
}

result<file_facts> read_whole_file(const owned_fd& file, const file_memory& memory) {
  const auto found = status_of(file.get());
  if (!found)
    return tl::unexpected(found.error());
  const auto size = static_cast<std::uint64_t>(found->st_size);
  if (auto fits = check_file_size(size); !fits && size > 0)
    return tl::unexpected(fits.error());
  const auto room = memory(static_cast<std::size_t>(size) + 1); // one more, to see whether the file grew
  const auto got = read_fully(file.get(), room);
  if (!got)
    return tl::unexpected(got.error());
  if (*got != size)
    return changed(size, *got > size ? "more" : std::to_string(*got));
  if (auto fits = check_file_size(*got); !fits)
    return tl::unexpected(fits.error());
  return file_facts{size, sha256_of(std::as_bytes(room.first(*got))), mtime_ns_of(*found)};
}

result<image_file> read_whole_file(const owned_fd& file) {
  image_file content;
  const auto facts = read_whole_file(file, [&](std::size_t bytes) {
    content.bytes.resize(bytes);
    return std::span<std::uint8_t>(content.bytes);
  });
  if (!facts)
    return tl::unexpected(facts.error());
  content.bytes.resize(static_cast<std::size_t>(facts->bytes));
  content.facts = *facts;
  return content;
}

} // namespace trainyard
