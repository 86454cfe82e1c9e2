// The server hangs, dies, comes back, or loses its store: nothing is lost and everything goes on.
#include <thread>

#include "tests/integration/nats/hand_server.hpp"
#include "tests/integration/nats/nats_world.hpp"

namespace trainyard::testing {
namespace {

struct restart_test : ::testing::Test {
  hand_server server;
  nats_link_options options;

  restart_test() {
    options.publish_timeout = 1s;
    options.streams.work_ack_wait = 2s;
    options.streams.results_ack_wait = 2s;
  }
  std::unique_ptr<nats_coordinator_link> coordinator() {
    return std::move(nats_coordinator_link::open(connection::open(server.login()).value(), options).value());
  }
  std::unique_ptr<nats_worker_link> worker() {
    return std::move(nats_worker_link::open(connection::open(server.login()).value(), options).value());
  }
  static publish_outcome publish_until_known(coordinator_link& link, work_address to) {
    publish_outcome got = publish_outcome::unknown;
    const bool known = eventually(30s, [&] {
      got = publish_and_wait(link, to);
      return got != publish_outcome::unknown;
    });
    EXPECT_TRUE(known);
    return got;
  }
};

TEST_F(restart_test, pulls_go_on_after_the_server_was_killed_and_started_again) {
  collector work, results;
  const auto coordinator = this->coordinator();
  const auto worker = this->worker();
  ASSERT_TRUE(worker->open_work("pool", work.sink()));
  ASSERT_TRUE(coordinator->open_results("s1", 1, 10, results.sink()));
  worker->add_credit(50);
  ASSERT_EQ(publish_and_wait(*coordinator, {"pool", 1, "s1", 0}), publish_outcome::stored);
  ASSERT_TRUE(work.reaches(1));
  server.kill();
  EXPECT_EQ(publish_and_wait(*coordinator, {"pool", 1, "s1", 1}), publish_outcome::unknown);
  server.start();
  EXPECT_NE(publish_until_known(*coordinator, {"pool", 1, "s1", 1}), publish_outcome::full);
  EXPECT_TRUE(eventually(15s, [&] {
    std::set<std::uint64_t> seen;
    for (const auto& each : work.all())
      seen.insert(batch_of(each.subject));
    return seen.size() == 2;
  }));
  EXPECT_TRUE(eventually(15s, [&] { return result_and_wait(*worker, "s1", 1) == publish_outcome::stored; }));
  EXPECT_TRUE(results.reaches(1));
}

TEST_F(restart_test, a_hung_server_makes_publishes_unknown_and_they_succeed_when_it_wakes) {
  collector work;
  const auto coordinator = this->coordinator();
  const auto worker = this->worker();
  ASSERT_TRUE(worker->open_work("pool", work.sink()));
  worker->add_credit(50);
  server.halt();
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(publish_and_wait(*coordinator, {"pool", 1, "s1", 1}), publish_outcome::unknown);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 3s);
  server.go_on();
  EXPECT_NE(publish_until_known(*coordinator, {"pool", 1, "s1", 1, 1, 1}), publish_outcome::full);
  EXPECT_TRUE(work.reaches(1, 15s));
  EXPECT_EQ(batch_of(work.at(0).subject), 1U);
}

TEST_F(restart_test, a_publish_while_disconnected_is_answered_soon_but_not_in_a_spin) {
  const auto coordinator = this->coordinator();
  server.kill();
  EXPECT_EQ(publish_and_wait(*coordinator, {"pool", 1, "s1", 0}), publish_outcome::unknown);
  const auto began = std::chrono::steady_clock::now();
  for (std::uint64_t batch = 1; batch <= 5; ++batch)
    EXPECT_EQ(publish_and_wait(*coordinator, {"pool", 1, "s1", batch}), publish_outcome::unknown);
  const auto took = std::chrono::steady_clock::now() - began;
  EXPECT_GE(took, 40ms);
  EXPECT_LT(took, 3s);
}

TEST_F(restart_test, a_server_that_lost_its_store_gets_streams_and_consumers_again) {
  collector work, results;
  const auto coordinator = this->coordinator();
  const auto worker = this->worker();
  ASSERT_TRUE(worker->open_work("pool", work.sink()));
  ASSERT_TRUE(coordinator->open_results("s1", 1, 10, results.sink()));
  worker->add_credit(50);
  server.kill();
  server.lose_store();
  server.start();
  EXPECT_NE(publish_until_known(*coordinator, {"pool", 1, "s1", 1}), publish_outcome::full);
  EXPECT_TRUE(work.reaches(1, 30s));
  EXPECT_TRUE(eventually(30s, [&] { return result_and_wait(*worker, "s1", 1) == publish_outcome::stored; }));
  EXPECT_TRUE(results.reaches(1, 30s));
}

TEST_F(restart_test, two_hundred_batches_survive_five_kills_with_none_lost) {
  collector work, results;
  const auto coordinator = this->coordinator();
  const auto worker = this->worker();
  constexpr std::size_t batches = 200;
  ASSERT_TRUE(worker->open_work("pool", work.sink()));
  ASSERT_TRUE(coordinator->open_results("s1", 1, 20, results.sink()));
  worker->add_credit(3);
  std::atomic<bool> stopping{false};
  std::thread working([&] {
    for (std::size_t next = 0; !stopping;) {
      if (!work.reaches(next + 1, 100ms))
        continue;
      const auto each = work.at(next++);
      while (!stopping && result_and_wait(*worker, "s1", batch_of(each.subject)) != publish_outcome::stored)
        worker->still_working(each.ack_subject);
      (void)ack_and_wait(*worker, each.ack_subject);
      worker->add_credit(1);
    }
  });
  std::thread publishing([&] {
    for (std::uint64_t batch = 0; batch < batches; ++batch)
      (void)publish_until_known(*coordinator, {"pool", 1, "s1", batch});
  });
  std::mutex mutex;
  std::set<std::uint64_t> done;
  const auto done_count = [&] {
    const std::lock_guard lock(mutex);
    return done.size();
  };
  std::thread acking([&] {
    for (std::size_t next = 0; !stopping;) {
      if (!results.reaches(next + 1, 100ms))
        continue;
      const auto each = results.at(next++);
      {
        const std::lock_guard lock(mutex);
        done.insert(batch_of(each.subject));
      }
      coordinator->ack_result(each.ack_subject);
    }
  });
  for (std::size_t kills = 1; kills <= 5;
       ++kills) { // on this thread: the server dies with the one that started it
    EXPECT_TRUE(eventually(20s, [&] { return done_count() >= kills * batches / 8; }));
    server.kill();
    server.start();
  }
  EXPECT_TRUE(eventually(60s, [&] { return done_count() == batches; })) << done_count();
  stopping = true;
  publishing.join();
  acking.join();
  working.join();
}

TEST_F(restart_test, links_close_while_the_server_is_down_without_waiting_long) {
  collector work, results;
  auto coordinator = this->coordinator();
  auto worker = this->worker();
  ASSERT_TRUE(worker->open_work("pool", work.sink()));
  ASSERT_TRUE(coordinator->open_results("s1", 1, 10, results.sink()));
  worker->add_credit(3);
  server.kill();
  const auto began = std::chrono::steady_clock::now();
  worker->close_work();
  coordinator->close_results("s1");
  worker.reset();
  coordinator.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
}

} // namespace
} // namespace trainyard::testing
