// Large blocks are used again by the thread that freed them, a bounded number of them, and nothing leaks.
#include "actors/device/image/large_block.hpp"

#include <algorithm>
#include <cstdlib>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <sys/mman.h>

namespace trainyard {
namespace {

constexpr std::size_t mebi = std::size_t{1} << 20U;

bool is_mapped(void* at) {
  return ::msync(at, 1, MS_ASYNC) == 0;
}
/// On a thread that has kept nothing yet.
template <class Call>
void on_fresh_thread(Call call) {
  std::thread(call).join();
}

TEST(large_block, a_thread_gets_back_what_it_freed) {
  on_fresh_thread([] {
    auto* const first = take_large_block(3 * mebi);
    free_large_block(first, 3 * mebi);
    auto* const fits_too = take_large_block(4 * mebi); // both are mapped as 4 MiB
    EXPECT_EQ(fits_too, first);
    auto* const another = take_large_block(4 * mebi);
    EXPECT_NE(another, first);
    free_large_block(fits_too, 4 * mebi);
    auto* const larger = take_large_block(5 * mebi);
    EXPECT_NE(larger, first);
    free_large_block(another, 4 * mebi);
    free_large_block(larger, 5 * mebi);
  });
}

TEST(large_block, a_whole_block_can_be_written) {
  on_fresh_thread([] {
    for (const auto bytes : {large_block_bytes, large_block_bytes + 1, 5 * mebi - 1}) {
      auto* const block = static_cast<unsigned char*>(take_large_block(bytes));
      std::fill_n(block, bytes, static_cast<unsigned char>(7));
      EXPECT_EQ(std::count(block, block + bytes, 7), static_cast<std::ptrdiff_t>(bytes));
      free_large_block(block, bytes);
    }
  });
}

TEST(large_block, a_thread_keeps_at_most_96_mebibytes_and_gives_up_the_oldest_first) {
  on_fresh_thread([] {
    std::vector<void*> blocks;
    for (int i = 0; i < 4; ++i)
      blocks.push_back(take_large_block(32 * mebi));
    for (auto* const each : blocks)
      free_large_block(each, 32 * mebi);
    EXPECT_FALSE(is_mapped(blocks[0]));
    for (std::size_t i = 1; i < 4; ++i)
      EXPECT_TRUE(is_mapped(blocks[i]));
  });
}

TEST(large_block, a_thread_keeps_at_most_eight_blocks) {
  on_fresh_thread([] {
    std::vector<void*> blocks;
    for (int i = 0; i < 9; ++i)
      blocks.push_back(take_large_block(large_block_bytes));
    for (auto* const each : blocks)
      free_large_block(each, large_block_bytes);
    EXPECT_FALSE(is_mapped(blocks.front()));
    EXPECT_EQ(std::ranges::count_if(blocks, is_mapped), 8);
  });
}

TEST(large_block, one_that_is_larger_than_the_bound_is_given_back_at_once) {
  on_fresh_thread([] {
    auto* const block = take_large_block(100 * mebi);
    EXPECT_TRUE(is_mapped(block));
    free_large_block(block, 100 * mebi);
    EXPECT_FALSE(is_mapped(block));
  });
}

TEST(large_block, another_thread_may_free_it_and_then_has_it) {
  auto* const block = take_large_block(2 * mebi);
  on_fresh_thread([&] {
    free_large_block(block, 2 * mebi);
    EXPECT_EQ(take_large_block(2 * mebi), block);
    free_large_block(block, 2 * mebi);
  });
}

TEST(large_block, a_thread_that_ends_gives_back_what_it_kept) {
  void* block = nullptr;
  on_fresh_thread([&] {
    block = take_large_block(2 * mebi);
    free_large_block(block, 2 * mebi);
    EXPECT_TRUE(is_mapped(block));
  });
  EXPECT_FALSE(is_mapped(block));
}

TEST(large_block, what_static_objects_hold_may_be_freed_after_the_main_threads_list) {
  // Nine are more than a list keeps: freed into one that is destroyed already, they end the process.
  EXPECT_EXIT(
      {
        static std::vector<byte_buffer> outliving(9);
        for (auto& each : outliving)
          each.resize(2 * mebi);
        byte_buffer(2 * mebi).clear();
        std::exit(0);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(large_block, more_than_there_is_is_a_bad_alloc) {
  EXPECT_THROW((void)take_large_block(SIZE_MAX), std::bad_alloc);
  EXPECT_THROW((void)take_large_block(std::size_t{1} << 62U), std::bad_alloc);
}

TEST(large_block, a_buffer_keeps_its_content_as_it_grows_from_heap_to_blocks_and_back) {
  byte_buffer buffer;
  for (std::size_t i = 0; i < 3 * large_block_bytes; ++i)
    buffer.push_back(static_cast<std::uint8_t>(i % 251));
  buffer.resize(large_block_bytes / 2);
  buffer.shrink_to_fit();
  for (std::size_t i = 0; i < buffer.size(); ++i)
    ASSERT_EQ(buffer[i], i % 251);
}

TEST(large_block, pixels_may_die_on_another_thread) {
  auto pixels = make_pixels(2 * mebi);
  pixels[2 * mebi - 1] = 9;
  std::thread([mine = std::move(pixels)]() mutable { mine.reset(); }).join();
}

} // namespace
} // namespace trainyard
