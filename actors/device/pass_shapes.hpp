// The few sizes that a forward pass may have: powers of two, and the largest micro-batch itself. Pure.
#pragma once

#include <cstddef>

namespace trainyard {

/// The rows that a pass over `images` images has: the next power of two, at most `most`. A device sees so few
/// shapes that what it caches per shape stays small.
[[nodiscard]] constexpr std::size_t bucket_of(std::size_t images, std::size_t most) noexcept {
  std::size_t rows = 1;
  while (rows < images && rows < most)
    rows *= 2;
  return rows < most ? rows : most;
}

/// The next smaller shape than `rows`, which is one of them; 1 has none and stays.
[[nodiscard]] constexpr std::size_t smaller_bucket(std::size_t rows) noexcept {
  std::size_t smaller = 1;
  while (smaller * 2 < rows)
    smaller *= 2;
  return smaller;
}

/// The next larger shape than `rows`; `most` has none and stays.
[[nodiscard]] constexpr std::size_t larger_bucket(std::size_t rows, std::size_t most) noexcept {
  return bucket_of(rows + 1, most);
}

} // namespace trainyard
