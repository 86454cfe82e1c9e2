// Lanes share weights and run side by side; threads per lane are each thread's own.
#include <barrier>
#include <thread>

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "actors/device/memory/forward_threads.hpp"
#include "actors/device/memory/process_memory.hpp"
#include "actors/device/model/load_model.hpp"
#include "tests/unit/model/photos.hpp"

namespace trainyard {
namespace {

using namespace trainyard::testing;

TEST(network_threads, lanes_on_their_own_threads_give_the_same_vectors_at_the_same_time) {
  auto lanes = load_lanes(lite0_folder, {}, {.max_micro_batch = 4}, 3).value();
  ASSERT_EQ(lanes.size(), 3U);
  const auto images = painted_images(4);
  const auto expected = lanes[0]->embed(images).value();
  std::vector<std::vector<float>> got(3);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 3; ++i)
    threads.emplace_back([&, i] {
      for (int repeat = 0; repeat < 3; ++repeat)
        got[i] = lanes[i]->embed(images).value();
    });
  for (auto& thread : threads)
    thread.join();
  for (const auto& vectors : got)
    EXPECT_EQ(vectors, expected);
}

TEST(network_threads, lanes_outlive_each_other) {
  auto lanes = load_lanes(lite0_folder, {}, {}, 2).value();
  lanes.erase(lanes.begin());
  EXPECT_TRUE(lanes.front()->embed(painted_images(1)).has_value());
}

TEST(network_threads, each_thread_keeps_its_own_count_whatever_the_others_set) {
  std::barrier both_set(2);
  int first = 0;
  int second = 0;
  const auto run = [&](int wanted, int& got) {
    set_forward_threads(wanted);
    both_set.arrive_and_wait();
    got = at::get_num_threads();
  };
  std::thread a(run, 1, std::ref(first));
  std::thread b(run, 3, std::ref(second));
  a.join();
  b.join();
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 3);
}

TEST(network_threads, counts_below_one_are_one) {
  std::thread([] {
    set_forward_threads(-4);
    EXPECT_EQ(at::get_num_threads(), 1);
  }).join();
}

} // namespace
} // namespace trainyard
