// From bytes to a table of tensors that may be trusted: every number is checked before it is used.
#include "actors/device/model/safetensors.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actors/device/model/safetensors_header.hpp"

namespace trainyard {
namespace {

constexpr std::size_t prefix_bytes = 8;

std::uint64_t little_endian(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < prefix_bytes; ++i)
    value |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
  return value;
}

/// Bytes that a tensor of this shape takes; false on overflow.
bool size_of(const tensor_entry& entry, std::uint64_t& bytes) {
  bytes = element_bytes(entry.dtype);
  return std::ranges::none_of(
      entry.shape, [&](std::uint64_t side) { return __builtin_mul_overflow(bytes, side, &bytes); });
}

std::string range_text(const tensor_entry& entry) {
  return "[" + std::to_string(entry.begin) + ", " + std::to_string(entry.end) + ")";
}

result<void> check_entry(const std::string& name, const tensor_entry& entry, std::uint64_t data_bytes) {
  const auto tensor = "tensor " + in_quotes(name) + " ";
  if (element_bytes(entry.dtype) == 0)
    return refuse_tensors(tensor + "has the unknown dtype " + in_quotes(entry.dtype));
  if (entry.begin > entry.end)
    return refuse_tensors(tensor + "has data_offsets " + range_text(entry) + " that end before they begin");
  if (entry.end > data_bytes)
    return refuse_tensors(tensor + "has data_offsets " + range_text(entry) + " beyond the file's " +
                          std::to_string(data_bytes) + " data bytes");
  std::uint64_t needed = 0;
  if (!size_of(entry, needed))
    return refuse_tensors(tensor + "has a shape whose size exceeds 2^64 bytes");
  if (needed != entry.end - entry.begin)
    return refuse_tensors(tensor + "needs " + std::to_string(needed) + " bytes by its shape and has " +
                          std::to_string(entry.end - entry.begin));
  return {};
}

/// The tensors must cover the data from its first byte to its last, each byte once.
result<void> check_cover(const tensor_table& table, std::uint64_t data_bytes) {
  std::vector<const tensor_table::value_type*> in_order;
  for (const auto& item : table)
    in_order.push_back(&item);
  std::ranges::sort(in_order, {},
                    [](const auto* item) { return std::pair(item->second.begin, item->second.end); });
  std::uint64_t covered = 0;
  for (const auto* item : in_order) {
    const auto& [name, entry] = *item;
    if (entry.begin != covered)
      return refuse_tensors("tensor " + in_quotes(name) + " at " + range_text(entry) +
                            (entry.begin < covered ? " overlaps another" : " leaves a hole before it"));
    covered = entry.end;
  }
  if (covered != data_bytes)
    return refuse_tensors(std::to_string(data_bytes - covered) + " bytes follow the last tensor");
  return {};
}

result<void> looks_like_something_else(std::span<const std::byte> file) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  if (text.starts_with("PK\x03\x04") || text.starts_with("\x80\x02") || text.starts_with("\x80\x04"))
    return fail(failure_kind::model_invalid,
                "the file is a PyTorch pickle or TorchScript archive, which can run code",
                "convert it to safetensors where you trust it");
  if (text.starts_with("version https://git-lfs"))
    return fail(failure_kind::model_invalid, "the file is a Git LFS pointer, not the weights",
                "run `git lfs pull` in the model's repository");
  return {};
}

} // namespace

result<safetensors_contents> parse_safetensors(std::span<const std::byte> file) {
  if (auto ours = looks_like_something_else(file); !ours)
    return tl::unexpected(ours.error());
  if (file.size() < prefix_bytes)
    return refuse_tensors("file of " + std::to_string(file.size()) +
                          " bytes is shorter than its 8 byte prefix");
  const auto header = little_endian(file);
  const auto rest = file.size() - prefix_bytes;
  if (header > most_header_bytes)
    return refuse_tensors("header length " + std::to_string(header) + " exceeds 16 MiB");
  if (header > rest)
    return refuse_tensors("header length " + std::to_string(header) + " exceeds the file's " +
                          std::to_string(file.size()) + " bytes");
  auto contents =
      parse_safetensors_header({reinterpret_cast<const char*>(file.data()) + prefix_bytes, header});
  if (!contents)
    return contents;
  for (const auto& [name, entry] : contents->tensors)
    if (auto good = check_entry(name, entry, rest - header); !good)
      return tl::unexpected(good.error());
  if (auto good = check_cover(contents->tensors, rest - header); !good)
    return tl::unexpected(good.error());
  return contents;
}

struct safetensors_file::mapping {
  void* address = nullptr;
  std::size_t size = 0;

  mapping(void* start, std::size_t length) : address(start), size(length) {}
  mapping(const mapping&) = delete;
  mapping& operator=(const mapping&) = delete;
  ~mapping() { ::munmap(address, size); }
};

namespace {

struct open_file {
  int descriptor;
  ~open_file() { ::close(descriptor); }
};

} // namespace

result<safetensors_file> safetensors_file::open(const std::filesystem::path& path) {
  // O_NONBLOCK: a named pipe must be refused, not waited for.
  const open_file file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.descriptor < 0)
    return fail(errno == ENOENT || errno == ENOTDIR ? failure_kind::model_missing
                                                    : failure_kind::model_invalid,
                path.string() + ": " + errno_text(errno), "check the model's folder and its permissions");
  struct stat status {};
  if (::fstat(file.descriptor, &status) != 0 || !S_ISREG(status.st_mode))
    return fail(failure_kind::model_invalid, path.string() + " is not a regular file",
                "name the model's folder");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0)
    return fail(failure_kind::model_invalid, path.string() + " is empty",
                "download or convert the model again");
  auto* const start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.descriptor, 0);
  if (start == MAP_FAILED)
    return fail(failure_kind::model_invalid, path.string() + ": " + errno_text(errno),
                "check the file system");
  safetensors_file opened;
  opened.map_ = std::make_shared<const mapping>(start, size);
  auto contents = parse_safetensors(opened.whole());
  if (!contents)
    return fail(contents.error().kind, path.string() + ": " + contents.error().cause,
                contents.error().remedy);
  opened.contents_ = std::move(*contents);
  opened.data_offset_ = prefix_bytes + little_endian(opened.whole());
  return opened;
}

std::span<const std::byte> safetensors_file::whole() const noexcept {
  return {static_cast<const std::byte*>(map_->address), map_->size};
}

const std::string* safetensors_file::metadata(std::string_view key) const {
  const auto found = contents_.metadata.find(key);
  return found == contents_.metadata.end() ? nullptr : &found->second;
}

std::span<const std::byte> safetensors_file::bytes(const tensor_entry& entry) const {
  return whole().subspan(data_offset_ + entry.begin, entry.end - entry.begin);
}

} // namespace trainyard
