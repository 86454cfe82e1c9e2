// Single images reach whichever device takes them first, and nobody waits for ever.
#include "actors/device/query_queue.hpp"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/eventually.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;

prepared_image image_named(const std::string& path) {
  prepared_image image;
  image.path = path;
  return image;
}

TEST(query_queue, an_asker_gets_what_the_device_answers) {
  query_queue queue;
  queue.device_came();
  std::thread device([&] {
    std::vector<image_query> taken;
    EXPECT_TRUE(testing::eventually(10s, [&] { return !(taken = queue.take(8)).empty(); }));
    EXPECT_EQ(taken.at(0).image.path, "a");
    taken.at(0).answer(std::vector<float>{1, 2});
  });
  EXPECT_EQ(queue.ask(image_named("a"), 10s).value(), (std::vector<float>{1, 2}));
  device.join();
}

TEST(query_queue, idle_devices_are_woken_for_each_image) {
  query_queue queue;
  queue.device_came();
  std::atomic<int> woken = 0;
  queue.set_wake([&] {
    ++woken;
    for (auto& each : queue.take(8))
      each.answer(std::vector<float>{3});
  });
  EXPECT_TRUE(queue.ask(image_named("a"), 10s));
  EXPECT_TRUE(queue.ask(image_named("b"), 10s));
  EXPECT_EQ(woken, 2);
}

TEST(query_queue, the_oldest_come_first_and_no_more_than_were_asked_for) {
  query_queue queue;
  queue.device_came();
  std::atomic<std::size_t> waiting = 0;
  queue.set_wake([&] { ++waiting; });
  std::vector<std::thread> askers;
  for (const auto* name : {"a", "b", "c"}) {
    const auto before = waiting.load();
    askers.emplace_back([&queue, name] { EXPECT_TRUE(queue.ask(image_named(name), 10s)); });
    ASSERT_TRUE(testing::eventually(10s, [&] { return waiting == before + 1; }));
  }
  auto two = queue.take(2);
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(two[0].image.path, "a");
  EXPECT_EQ(two[1].image.path, "b");
  auto last = queue.take(2);
  ASSERT_EQ(last.size(), 1U);
  for (auto* some : {&two, &last})
    for (auto& each : *some)
      each.answer(std::vector<float>{1});
  for (auto& each : askers)
    each.join();
}

TEST(query_queue, who_gives_up_is_not_in_the_queue_any_more_and_a_late_answer_harms_nobody) {
  query_queue queue;
  queue.device_came();
  EXPECT_EQ(queue.ask(image_named("a"), 1ms).error().kind, failure_kind::device_unavailable);
  EXPECT_TRUE(queue.take(8).empty());
  std::vector<image_query> taken;
  queue.set_wake([&] { taken = queue.take(8); });
  EXPECT_EQ(queue.ask(image_named("b"), 1ms).error().kind, failure_kind::device_unavailable);
  ASSERT_EQ(taken.size(), 1U);
  taken[0].answer(std::vector<float>{1});
}

TEST(query_queue, one_image_too_many_is_refused_at_once) {
  query_queue queue(1);
  queue.device_came();
  std::atomic<int> woken = 0;
  queue.set_wake([&] { ++woken; });
  std::thread first(
      [&] { EXPECT_EQ(queue.ask(image_named("a"), 30s).error().kind, failure_kind::interrupted); });
  ASSERT_TRUE(testing::eventually(10s, [&] { return woken == 1; }));
  EXPECT_EQ(queue.ask(image_named("b"), 30s).error().kind, failure_kind::coordinator_busy);
  queue.close();
  first.join();
  EXPECT_EQ(queue.ask(image_named("c"), 30s).error().kind, failure_kind::interrupted);
}

TEST(query_queue, without_a_device_nobody_waits_nor_goes_on_waiting_when_the_last_one_leaves) {
  query_queue queue;
  EXPECT_EQ(queue.ask(image_named("a"), 30s).error().kind, failure_kind::device_unavailable);
  queue.device_came();
  std::atomic<int> woken = 0;
  queue.set_wake([&] { ++woken; });
  std::thread asker(
      [&] { EXPECT_EQ(queue.ask(image_named("b"), 30s).error().kind, failure_kind::device_unavailable); });
  ASSERT_TRUE(testing::eventually(10s, [&] { return woken == 1; }));
  queue.device_left();
  asker.join();
}

} // namespace
} // namespace trainyard
