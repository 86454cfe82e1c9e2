// Work out, results back, everything acknowledged: counts are exact and credit is never passed.
#include <condition_variable>
#include <deque>
#include <map>
#include <thread>

#include "tests/integration/nats/nats_world.hpp"

namespace trainyard::testing {
namespace {

struct flow_test : nats_world {};

/// Takes deliveries on any thread and works on them in its own, as an actor would.
class mailbox {
public:
  explicit mailbox(std::function<void(delivery)> work) : work_(std::move(work)), thread_([this] { run(); }) {}
  ~mailbox() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  delivery_sink sink() {
    return [this](delivery each) {
      const std::lock_guard lock(mutex_);
      most_ = std::max(most_, ++in_hand_);
      waiting_.push_back(std::move(each));
      changed_.notify_all();
    };
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    --in_hand_;
  }
  std::size_t most_in_hand() {
    const std::lock_guard lock(mutex_);
    return most_;
  }

private:
  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
      if (stopping_)
        return;
      auto each = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      work_(std::move(each));
      lock.lock();
    }
  }
  std::function<void(delivery)> work_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<delivery> waiting_;
  std::size_t in_hand_ = 0;
  std::size_t most_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

TEST_F(flow_test, five_hundred_batches_go_round_exactly_once_with_three_in_hand) {
  const auto coordinator = this->coordinator();
  const auto worker = this->worker();
  std::mutex mutex;
  std::map<std::uint64_t, int> worked, returned;
  std::atomic<int> acked{0};

  std::unique_ptr<mailbox> results, work;
  results = std::make_unique<mailbox>([&](delivery each) {
    {
      const std::lock_guard lock(mutex);
      ++returned[batch_of(each.subject)];
    }
    results->let_go();
    coordinator->ack_result(each.ack_subject);
  });
  work = std::make_unique<mailbox>([&](delivery each) {
    const auto batch = batch_of(each.subject);
    {
      const std::lock_guard lock(mutex);
      ++worked[batch];
    }
    ASSERT_EQ(result_and_wait(*worker, "s1", batch), publish_outcome::stored);
    ASSERT_TRUE(ack_and_wait(*worker, each.ack_subject));
    ++acked;
    work->let_go();
    worker->add_credit(1);
  });
  ASSERT_TRUE(coordinator->open_results("s1", 1, 5, results->sink()));
  ASSERT_TRUE(worker->open_work("pool", work->sink()));
  worker->add_credit(3);
  for (std::uint64_t batch = 0; batch < 500; ++batch)
    coordinator->publish_work({"pool", static_cast<int>(batch % 3), "s1", batch, 1, 1}, payload_of("x"),
                              [](publish_outcome got) { EXPECT_EQ(got, publish_outcome::stored); });
  EXPECT_TRUE(eventually(60s, [&] {
    const std::lock_guard lock(mutex);
    return returned.size() == 500 && acked == 500;
  }));
  worker->close_work();
  coordinator->close_results("s1");
  EXPECT_LE(work->most_in_hand(), 3U);
  EXPECT_LE(results->most_in_hand(), 5U);
  EXPECT_EQ(worked.size(), 500U);
  for (const auto& [batch, times] : worked)
    EXPECT_EQ(times, 1) << batch;
  for (const auto& [batch, times] : returned)
    EXPECT_EQ(times, 1) << batch;
}

TEST_F(flow_test, nothing_is_delivered_without_credit_and_no_more_than_it) {
  collector got;
  const auto coordinator = this->coordinator();
  const auto worker = this->worker();
  ASSERT_TRUE(worker->open_work("pool", got.sink()));
  for (std::uint64_t batch = 0; batch < 20; ++batch)
    ASSERT_EQ(publish_and_wait(*coordinator, {"pool", 1, "s1", batch}), publish_outcome::stored);
  EXPECT_FALSE(got.reaches(1, 300ms));
  worker->add_credit(4);
  EXPECT_TRUE(got.reaches(4));
  EXPECT_FALSE(got.reaches(5, 1'500ms));
  worker->add_credit(2);
  EXPECT_TRUE(got.reaches(6));
  EXPECT_FALSE(got.reaches(7, 500ms));
}

TEST_F(flow_test, the_highest_priority_comes_first_and_one_credit_serves_all) {
  collector got;
  const auto coordinator = this->coordinator();
  const auto worker = this->worker();
  for (std::uint64_t batch = 0; batch < 9; ++batch)
    ASSERT_EQ(publish_and_wait(*coordinator, {"pool", static_cast<int>(batch / 3), "s1", batch}),
              publish_outcome::stored);
  ASSERT_TRUE(worker->open_work("pool", got.sink()));
  std::string order;
  for (std::size_t i = 0; i < 9; ++i) {
    worker->add_credit(1);
    ASSERT_TRUE(got.reaches(i + 1));
    order += got.at(i).subject.at(std::string("trainyard.work.pool.").size());
  }
  EXPECT_EQ(order, "222111000");
}

TEST_F(flow_test, work_that_comes_while_waiting_is_delivered_whatever_its_priority) {
  collector got;
  const auto coordinator = this->coordinator();
  const auto worker = this->worker();
  ASSERT_TRUE(worker->open_work("pool", got.sink()));
  std::size_t expected = 0;
  for (const int priority : {0, 2, 1, 0}) {
    worker->add_credit(1);
    EXPECT_FALSE(got.reaches(expected + 1, 400ms));
    ASSERT_EQ(publish_and_wait(*coordinator, {"pool", priority, "s1", expected}), publish_outcome::stored);
    EXPECT_TRUE(got.reaches(++expected, 3s)) << priority;
  }
}

TEST_F(flow_test, two_pools_share_one_credit_and_keep_their_sinks) {
  collector a, b;
  const auto coordinator = this->coordinator();
  const auto worker = this->worker();
  ASSERT_TRUE(worker->open_work("a", a.sink()));
  ASSERT_TRUE(worker->open_work("b", b.sink()));
  for (const char* pool : {"a", "b"})
    for (std::uint64_t batch = 0; batch < 5; ++batch)
      ASSERT_EQ(publish_and_wait(*coordinator, {pool, 1, pool, batch}), publish_outcome::stored);
  worker->add_credit(10);
  EXPECT_TRUE(a.reaches(5));
  EXPECT_TRUE(b.reaches(5));
}

TEST_F(flow_test, several_workers_share_a_queue_without_doubling) {
  const auto coordinator = this->coordinator();
  std::vector<std::unique_ptr<nats_worker_link>> workers;
  std::vector<std::unique_ptr<collector>> got;
  for (int i = 0; i < 3; ++i) {
    got.push_back(std::make_unique<collector>());
    workers.push_back(worker());
    ASSERT_TRUE(workers.back()->open_work("pool", got.back()->sink()));
    workers.back()->add_credit(100);
  }
  for (std::uint64_t batch = 0; batch < 100; ++batch)
    coordinator->publish_work({"pool", 1, "s1", batch}, payload_of("x"), {});
  EXPECT_TRUE(eventually(20s, [&] { return got[0]->size() + got[1]->size() + got[2]->size() >= 100; }));
  std::set<std::uint64_t> seen;
  for (const auto& each : got)
    for (const auto& one : each->all())
      EXPECT_TRUE(seen.insert(batch_of(one.subject)).second);
  EXPECT_EQ(seen.size(), 100U);
  for (auto& each : workers)
    each->close_work();
}

TEST_F(flow_test, after_close_no_delivery_comes_and_it_can_be_opened_again) {
  const auto coordinator = this->coordinator();
  const auto worker = this->worker();
  for (int round = 0; round < 5; ++round) {
    auto got = std::make_unique<collector>();
    ASSERT_TRUE(worker->open_work("pool", got->sink()));
    worker->add_credit(50);
    for (std::uint64_t batch = 0; batch < 50; ++batch)
      coordinator->publish_work({"pool", 1, "s" + std::to_string(round), batch}, payload_of("x"), {});
    ASSERT_TRUE(got->reaches(1));
    worker->close_work();
    got.reset(); // a later delivery would write into freed memory: the sanitizers would tell
  }
}

TEST_F(flow_test, an_event_reaches_its_subscribers) {
  const auto worker = this->worker();
  const auto link = connect();
  std::promise<nats_message> seen;
  const auto watching =
      link->subscribe("trainyard.events.>", [&](nats_message m) { seen.set_value(std::move(m)); });
  ASSERT_TRUE(watching);
  ASSERT_TRUE(link->flush(5s));
  worker->publish_event("trainyard.events.node.n1", payload_of("{}"));
  auto future = seen.get_future();
  ASSERT_EQ(future.wait_for(5s), std::future_status::ready);
  EXPECT_EQ(future.get().subject, "trainyard.events.node.n1");
}

} // namespace
} // namespace trainyard::testing
