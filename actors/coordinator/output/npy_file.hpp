// One .npy file that grows row by row under a temporary name: 128 bytes of header, then the matrix in C
// order.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "actors/disk/durable_file.hpp"

namespace trainyard {

inline constexpr std::size_t npy_header_bytes = 128;

/// The header that numpy.save itself writes for (rows, dim) of "fp16" or "fp32"; embedding-reader's regular
/// expressions find descr and shape in it. Always npy_header_bytes long.
[[nodiscard]] std::string npy_header(std::uint64_t rows, std::uint32_t dim, std::string_view dtype);

class npy_file {
public:
  npy_file() = default;
  /// Makes temporary_of(final_name). The file holds no header before seal().
  [[nodiscard]] static result<npy_file> create(const std::filesystem::path& final_name);

  [[nodiscard]] bool is_open() const noexcept { return file_.is_open(); }
  [[nodiscard]] const std::filesystem::path& temporary_name() const noexcept { return file_.path(); }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return end_; }

  [[nodiscard]] result<void> append(std::span<const std::byte> rows);
  /// Writes the header, syncs, and returns the SHA-256 (hex) of the whole file as read back.
  [[nodiscard]] result<std::string> seal(std::string_view header);

private:
  [[nodiscard]] result<std::string> hash() const;
  durable_file file_;
  std::uint64_t end_ = npy_header_bytes;
};

} // namespace trainyard
