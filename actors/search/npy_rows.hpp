// An .npy file of vectors, opened and checked; some of its rows at a time are mapped into memory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <utility>

#include "actors/disk/owned_fd.hpp"
#include "actors/search/npy_header.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// Rows in memory until it is destroyed. What is not mapped does not count as this process's memory.
class mapped_rows {
public:
  mapped_rows(mapped_rows&& other) noexcept
      : base_(std::exchange(other.base_, nullptr)), bytes_(std::exchange(other.bytes_, 0)),
        rows_(std::exchange(other.rows_, {})) {}
  mapped_rows& operator=(mapped_rows&&) = delete;
  ~mapped_rows();

  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return rows_; }

private:
  friend class npy_rows;
  mapped_rows(void* base, std::size_t bytes, std::span<const std::byte> rows) noexcept
      : base_(base), bytes_(bytes), rows_(rows) {}
  void* base_;
  std::size_t bytes_;
  std::span<const std::byte> rows_;
};

/// Immutable after open(): any thread may map at any time.
class npy_rows {
public:
  /// output_corrupt with the file's name and what is wrong with it; never blocks on a pipe.
  [[nodiscard]] static result<npy_rows> open(const std::filesystem::path& file);

  [[nodiscard]] const npy_layout& layout() const noexcept { return layout_; }
  /// REQUIRES: first + count <= layout().rows. The file must not get shorter meanwhile (a committed shard
  /// never changes).
  [[nodiscard]] result<mapped_rows> map(std::uint64_t first, std::uint64_t count) const;

private:
  npy_rows(std::filesystem::path name, owned_fd file, npy_layout layout)
      : name_(std::move(name)), file_(std::move(file)), layout_(layout) {}
  std::filesystem::path name_;
  owned_fd file_;
  npy_layout layout_;
};

} // namespace trainyard
