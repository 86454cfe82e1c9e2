// Memory for files and pictures, beside the heap: blocks of all sizes that come and go would leave it full of
// holes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

namespace trainyard {

/// Whole pages. A thread keeps what it freed last, at most 96 MiB of mappings, for its next pictures: mapped
/// afresh, each page would be faulted in again. Throws std::bad_alloc.
[[nodiscard]] void* take_large_block(std::size_t bytes);
void free_large_block(void* block, std::size_t bytes) noexcept;
inline constexpr std::size_t large_block_bytes = std::size_t{64}
                                                 << 10U; ///< from here on; less comes from the heap

/// For containers that hold a file or pixels. Elements are left uninitialised by resize().
template <class T>
struct large_block_allocator {
  using value_type = T;
  large_block_allocator() = default;
  template <class U>
  large_block_allocator(const large_block_allocator<U>&) noexcept {}

  [[nodiscard]] T* allocate(std::size_t count) {
    const auto bytes = count * sizeof(T);
    return static_cast<T*>(bytes < large_block_bytes ? ::operator new(bytes) : take_large_block(bytes));
  }
  void deallocate(T* block, std::size_t count) noexcept {
    const auto bytes = count * sizeof(T);
    if (bytes < large_block_bytes)
      ::operator delete(block);
    else
      free_large_block(block, bytes);
  }
  template <class U>
  void construct(U* at) noexcept {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class... Args>
  void construct(U* at, Args&&... args) {
    ::new (static_cast<void*>(at)) U(std::forward<Args>(args)...);
  }
  bool operator==(const large_block_allocator&) const noexcept { return true; }
};

using byte_buffer = std::vector<std::uint8_t, large_block_allocator<std::uint8_t>>;

/// Uninitialised.
[[nodiscard]] inline std::shared_ptr<std::uint8_t[]> make_pixels(std::size_t bytes) {
  large_block_allocator<std::uint8_t> memory;
  return {memory.allocate(bytes),
          [bytes](std::uint8_t* block) { large_block_allocator<std::uint8_t>().deallocate(block, bytes); }};
}

} // namespace trainyard
