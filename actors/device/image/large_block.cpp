// Anonymous mappings in sizes that are powers of two, so that the next picture finds one that fits; what of a
// mapping is never touched costs nothing.
#include "actors/device/image/large_block.hpp"

#include <algorithm>
#include <bit>

#include <sys/mman.h>

namespace trainyard {
namespace {

constexpr std::size_t most_kept_bytes =
    std::size_t{96} << 20U; ///< of one thread, as mapped: a picture of 20 megapixels, and its file

constexpr std::size_t largest_class = SIZE_MAX / 2 + 1;

/// REQUIRES: bytes <= largest_class.
std::size_t size_class(std::size_t bytes) {
  return std::bit_ceil(std::max(bytes, large_block_bytes));
}

/// A thread that has destroyed its list may still free blocks: those of static objects, which die after the
/// main thread's. Nothing destroys a bool.
thread_local bool list_is_gone = false;

/// One thread's free blocks, the last freed one last.
class kept_blocks {
public:
  ~kept_blocks() {
    for (const auto& each : blocks_)
      ::munmap(each.at, each.bytes);
    list_is_gone = true;
  }

  void* find(std::size_t bytes) noexcept {
    const auto found = std::ranges::find(blocks_, bytes, &block::bytes);
    if (found == blocks_.end())
      return nullptr;
    auto* const at = found->at;
    kept_bytes_ -= found->bytes;
    blocks_.erase(found);
    return at;
  }

  /// What was not asked for longest goes first.
  void keep(void* at, std::size_t bytes) {
    blocks_.push_back({at, bytes});
    kept_bytes_ += bytes;
    while (kept_bytes_ > most_kept_bytes || blocks_.size() > most_blocks) {
      ::munmap(blocks_.front().at, blocks_.front().bytes);
      kept_bytes_ -= blocks_.front().bytes;
      blocks_.erase(blocks_.begin());
    }
  }

private:
  static constexpr std::size_t most_blocks = 8;
  struct block {
    void* at;
    std::size_t bytes;
  };
  std::vector<block> blocks_;
  std::size_t kept_bytes_ = 0;
};

thread_local kept_blocks kept;

} // namespace

void* take_large_block(std::size_t bytes) {
  if (bytes > largest_class)
    throw std::bad_alloc();
  const auto wanted = size_class(bytes);
  if (auto* const known = list_is_gone ? nullptr : kept.find(wanted))
    return known;
  auto* const fresh = ::mmap(nullptr, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (fresh == MAP_FAILED)
    throw std::bad_alloc();
  return fresh;
}

void free_large_block(void* block, std::size_t bytes) noexcept try {
  if (list_is_gone)
    ::munmap(block, size_class(bytes));
  else
    kept.keep(block, size_class(bytes));
} catch (...) { // no memory for the list
  ::munmap(block, size_class(bytes));
}

} // namespace trainyard
