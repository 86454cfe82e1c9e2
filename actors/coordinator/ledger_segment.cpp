// Segment files: names, appending, scanning past damage, reading one record.
#include "actors/coordinator/ledger_segment.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>

#include <fcntl.h>

#include "actors/coordinator/little_endian.hpp"
#include "actors/disk/disk_steps.hpp"
#include "actors/disk/durable_file.hpp"
#include "actors/disk/positioned_io.hpp"

namespace trainyard {

namespace {

constexpr std::string_view magic{"TYdone\x01\n", 8};
constexpr std::size_t header_bytes = 8 + 4 + 8 + 4 + 4 + 4;
constexpr std::size_t checked_bytes = header_bytes - 4;
constexpr std::size_t search_bytes = 1024 * 1024;
constexpr std::string_view name_start = "segment-";
constexpr std::string_view name_end = ".log";

std::string encode(const record_header& header) {
  std::string out(magic);
  put_number(out, static_cast<std::uint32_t>(header.kind));
  put_number(out, header.batch);
  put_number(out, header.payload_bytes);
  put_number(out, header.payload_crc);
  put_number(out, checksum(out));
  return out;
}

std::optional<record_header> decode(std::string_view bytes) {
  if (bytes.size() < header_bytes || !bytes.starts_with(magic) ||
      checksum(bytes.substr(0, checked_bytes)) != get_number<std::uint32_t>(bytes.data() + checked_bytes))
    return std::nullopt;
  const char* at = bytes.data() + magic.size();
  return record_header{static_cast<record_kind>(get_number<std::uint32_t>(at)),
                       get_number<std::uint64_t>(at + 4), get_number<std::uint32_t>(at + 12),
                       get_number<std::uint32_t>(at + 16)};
}

tl::unexpected<failure> unreadable(const std::filesystem::path& file) {
  return disk_failure("cannot read", file, errno);
}

/// The offset of the next undamaged header at or behind `from`, or `end`.
result<std::uint64_t> next_header(int fd, const std::filesystem::path& file, std::uint64_t from,
                                  std::uint64_t end) {
  std::string bytes;
  for (; from < end; from += search_bytes) {
    if (!read_at(fd, from, search_bytes + header_bytes, bytes))
      return unreadable(file);
    for (auto at = bytes.find(magic); at != std::string::npos; at = bytes.find(magic, at + 1))
      if (decode(std::string_view(bytes).substr(at)))
        return from + at;
  }
  return end;
}

bool parse_digits(std::string_view digits, std::uint64_t& number) {
  const auto* const end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, number);
  return digits.size() >= 6 && parsed.ec == std::errc() && parsed.ptr == end;
}

} // namespace

std::string to_file_name(const segment_name& name) {
  char text[64];
  std::snprintf(text, sizeof text, "segment-%06llu-%06llu.log", static_cast<unsigned long long>(name.epoch),
                static_cast<unsigned long long>(name.number));
  return text;
}

std::optional<segment_name> parse_segment_name(std::string_view file_name) {
  if (!file_name.starts_with(name_start) || !file_name.ends_with(name_end))
    return std::nullopt;
  const auto numbers = file_name.substr(0, file_name.size() - name_end.size()).substr(name_start.size());
  const auto dash = numbers.find('-');
  segment_name name;
  if (dash == std::string_view::npos || !parse_digits(numbers.substr(0, dash), name.epoch) ||
      !parse_digits(numbers.substr(dash + 1), name.number))
    return std::nullopt;
  return name;
}

result<segment_writer> segment_writer::create(const std::filesystem::path& file) {
  segment_writer writer;
  writer.file_ = file;
  before_disk_step(disk_step::create, file);
  writer.fd_ = open_file(file, O_RDWR | O_CREAT | O_EXCL);
  if (!writer.fd_ && errno == EEXIST)
    return fail(failure_kind::output_busy, file.string() + " exists: another coordinator owns this session",
                "wait until it has finished, or stop it");
  if (!writer.fd_)
    return disk_failure("cannot create", file, errno);
  if (auto named = sync_directory(file.parent_path()); !named)
    return tl::unexpected(named.error());
  return writer;
}

result<std::uint64_t> segment_writer::append(record_header header, std::span<const std::byte> payload) {
  const std::string_view bytes(reinterpret_cast<const char*>(payload.data()), payload.size());
  header.payload_bytes = static_cast<std::uint32_t>(bytes.size());
  header.payload_crc = checksum(bytes);
  const auto head = encode(header);
  before_disk_step(disk_step::write, file_);
  int error = write_at(fd_.get(), end_, head);
  before_disk_step(disk_step::write, file_); // between the two a record is torn
  if (error == 0)
    error = write_at(fd_.get(), end_ + head.size(), bytes);
  if (error != 0) {
    // Where even this fails the next record covers the rest, and a scan passes over what it does not cover.
    (void)!::ftruncate(fd_.get(), static_cast<off_t>(end_));
    return disk_failure("cannot write", file_, error);
  }
  const auto offset = end_;
  end_ += head.size() + bytes.size();
  return offset;
}

result<void> segment_writer::sync() {
  before_disk_step(disk_step::sync, file_);
  if (const int error = sync_content(fd_.get()); error != 0)
    return disk_failure("cannot sync", file_, error);
  return {};
}

result<void> sync_segment(const std::filesystem::path& file) {
  const auto fd = open_file(file, O_RDONLY);
  if (!fd)
    return unreadable(file);
  before_disk_step(disk_step::sync, file);
  if (const int error = sync_content(fd.get()); error != 0)
    return disk_failure("cannot sync", file, error);
  return {};
}

result<void> scan_segment(const std::filesystem::path& file,
                          const std::function<void(const record_header&, std::uint64_t offset)>& seen) {
  const auto fd = open_file(file, O_RDONLY);
  if (!fd)
    return unreadable(file);
  const auto end = length_of(fd.get(), file);
  if (!end)
    return tl::unexpected(end.error());
  std::string bytes;
  for (std::uint64_t at = 0; at < *end;) {
    if (!read_at(fd.get(), at, header_bytes, bytes))
      return unreadable(file);
    const auto header = decode(bytes);
    if (!header || *end - at - header_bytes < header->payload_bytes) {
      const auto next = next_header(fd.get(), file, at + 1, *end);
      if (!next)
        return tl::unexpected(next.error());
      at = *next;
      continue;
    }
    if (!read_at(fd.get(), at + header_bytes, header->payload_bytes, bytes))
      return unreadable(file);
    if (checksum(bytes) == header->payload_crc)
      seen(*header, at);
    at += header_bytes + header->payload_bytes;
  }
  return {};
}

result<std::vector<std::byte>> read_record(const std::filesystem::path& file, std::uint64_t offset,
                                           std::uint64_t batch) {
  const auto fd = open_file(file, O_RDONLY);
  std::string bytes;
  if (!fd || !read_at(fd.get(), offset, header_bytes, bytes))
    return unreadable(file);
  const auto header = decode(bytes);
  const bool ours = header && header->kind == record_kind::done && header->batch == batch;
  if (ours && !read_at(fd.get(), offset + header_bytes, header->payload_bytes, bytes))
    return unreadable(file);
  if (!ours || bytes.size() != header->payload_bytes || checksum(bytes) != header->payload_crc)
    return fail(failure_kind::output_corrupt,
                "the result of batch " + std::to_string(batch) + " is damaged in " + file.string() +
                    " at byte " + std::to_string(offset),
                "check the disk; the batch is done again");
  const auto* const first = reinterpret_cast<const std::byte*>(bytes.data());
  return std::vector<std::byte>(first, first + bytes.size());
}

} // namespace trainyard
