// The .npy format, version 1.0, with numpy's own spacing.
#include "actors/coordinator/output/npy_file.hpp"

#include <algorithm>
#include <vector>

#include "actors/disk/sha256.hpp"

namespace trainyard {

std::string npy_header(std::uint64_t rows, std::uint32_t dim, std::string_view dtype) {
  static constexpr std::size_t preamble_bytes = 10; // magic, version 1.0, length of the text
  constexpr auto text_bytes = static_cast<char>(npy_header_bytes - preamble_bytes);
  std::string header("\x93NUMPY\x01\x00", 8);
  header += {text_bytes, '\0'};
  header += std::string("{'descr': '") + (dtype == "fp32" ? "<f4" : "<f2") +
            "', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ", " + std::to_string(dim) +
            "), }";
  header.resize(npy_header_bytes - 1, ' ');
  return header += '\n';
}

result<npy_file> npy_file::create(const std::filesystem::path& final_name) {
  auto fresh = durable_file::create_fresh(temporary_of(final_name));
  if (!fresh)
    return tl::unexpected(std::move(fresh).error());
  npy_file npy;
  npy.file_ = std::move(*fresh);
  return npy;
}

result<void> npy_file::append(std::span<const std::byte> rows) {
  if (auto written = file_.write_all_at(end_, rows); !written)
    return written;
  end_ += rows.size();
  return {};
}

result<std::string> npy_file::seal(std::string_view header) {
  if (auto written = file_.write_all_at(0, header); !written)
    return tl::unexpected(std::move(written).error());
  if (auto synced = file_.sync(); !synced)
    return tl::unexpected(std::move(synced).error());
  return hash();
}

// The header is known last but stands first, so the file is read back: it is still in the page cache.
result<std::string> npy_file::hash() const {
  sha256 whole;
  std::vector<std::byte> chunk(1 << 20);
  for (std::uint64_t offset = 0; offset < end_; offset += chunk.size()) {
    const auto part = std::span(chunk).first(std::min<std::uint64_t>(chunk.size(), end_ - offset));
    if (auto got = file_.read_all_at(offset, part); !got)
      return tl::unexpected(std::move(got).error());
    whole.add(part);
  }
  return to_hex(whole.finish());
}

} // namespace trainyard
