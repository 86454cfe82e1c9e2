// Both sides see the same bytes; the reading side can neither write nor take pages away.
#include "actors/device/isolation/shared_block.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace trainyard {
namespace {

constexpr std::size_t size = std::size_t{8} << 20U;

TEST(shared_block, shows_what_is_written_through_the_reading_descriptor) {
  const auto block = shared_block::make(size);
  ASSERT_TRUE(block) << block.error().cause;
  block->memory()[12'345] = 42;
  auto* const seen =
      static_cast<std::uint8_t*>(::mmap(nullptr, size, PROT_READ, MAP_SHARED, block->readable(), 0));
  ASSERT_NE(seen, MAP_FAILED);
  EXPECT_EQ(seen[12'345], 42);
  ::munmap(seen, size);
}

TEST(shared_block, cannot_be_written_through_the_reading_descriptor) {
  const auto block = shared_block::make(size);
  ASSERT_TRUE(block);
  EXPECT_EQ(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, block->readable(), 0), MAP_FAILED);
  EXPECT_EQ(::mprotect(::mmap(nullptr, size, PROT_READ, MAP_SHARED, block->readable(), 0), size, PROT_WRITE),
            -1);
}

TEST(shared_block, cannot_be_made_smaller_by_whoever_holds_it) {
  const auto block = shared_block::make(size);
  ASSERT_TRUE(block);
  EXPECT_EQ(::ftruncate(block->writable(), 0), -1);
  EXPECT_EQ(::ftruncate(block->readable(), 0), -1);
}

TEST(shared_block, gives_trimmed_pages_back_and_keeps_the_first_ones) {
  auto block = shared_block::make(size);
  ASSERT_TRUE(block);
  std::fill(block->memory().begin(), block->memory().end(), 9);
  block->trim(size / 4);
  EXPECT_EQ(block->memory()[size / 4 - 1], 9);
#ifdef __linux__
  struct stat found {};
  ASSERT_EQ(::fstat(block->writable(), &found), 0);
  EXPECT_EQ(static_cast<std::size_t>(found.st_blocks) * 512, size / 4);
  EXPECT_EQ(block->memory()[size / 4], 0);
#endif
  block->memory()[size - 1] = 1; // and it can be used again
  EXPECT_EQ(block->memory()[size - 1], 1);
}

} // namespace
} // namespace trainyard
