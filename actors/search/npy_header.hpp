// What an .npy file of vectors says of itself, read strictly: files come from disks that others write, too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace trainyard {

enum class number_format : std::uint8_t { fp16, fp32 };

[[nodiscard]] constexpr std::size_t bytes_of(number_format format) noexcept {
  return format == number_format::fp32 ? 4 : 2;
}

struct npy_layout {
  std::uint64_t rows = 0;
  std::uint32_t dim = 0;
  number_format format = number_format::fp16;
  std::uint64_t offset = 0; ///< of the first row, bytes; a multiple of 4

  [[nodiscard]] std::uint64_t row_bytes() const noexcept { return dim * std::uint64_t{bytes_of(format)}; }
};

/// No header is longer; no vector has more numbers. Both far beyond what is ever written.
inline constexpr std::size_t most_npy_header_bytes = 4096;
inline constexpr std::uint32_t most_npy_dim = 65'536;

/// `start` is the file's beginning, most_npy_header_bytes of it or all there is; `file_bytes` its whole
/// length. Formats 1.0 and 2.0 with '<f2' or '<f4', C order and two sides, and exactly as long as it says.
/// The error says what is wrong, without the file's name.
[[nodiscard]] tl::expected<npy_layout, std::string> read_npy_header(std::string_view start,
                                                                    std::uint64_t file_bytes);

} // namespace trainyard
