// What comes again, when, and what does not.
#include "tests/integration/nats/nats_world.hpp"

namespace trainyard::testing {
namespace {

struct redelivery_test : nats_world {
  redelivery_test() { options.streams.work_ack_wait = 1'000ms; }
};

using clock = std::chrono::steady_clock;

TEST_F(redelivery_test, work_handed_back_comes_again_after_the_delay_as_the_second_delivery) {
  collector got;
  options.streams.work_ack_wait = 30s;
  const auto coordinator = this->coordinator();
  const auto worker = this->worker();
  ASSERT_TRUE(worker->open_work("pool", got.sink()));
  worker->add_credit(5);
  ASSERT_EQ(publish_and_wait(*coordinator, {"pool", 1, "s1", 0}), publish_outcome::stored);
  ASSERT_TRUE(got.reaches(1));
  EXPECT_EQ(got.at(0).delivered, 1U);
  const auto handed_back = clock::now();
  worker->hand_back(got.at(0).ack_subject, 700ms);
  ASSERT_TRUE(got.reaches(2));
  EXPECT_GE(clock::now() - handed_back, 650ms);
  EXPECT_LT(clock::now() - handed_back, 3s);
  EXPECT_EQ(got.at(1).delivered, 2U);
  EXPECT_EQ(got.at(1).payload, got.at(0).payload);
}

TEST_F(redelivery_test, work_handed_back_without_delay_comes_again_at_once) {
  collector got;
  options.streams.work_ack_wait = 30s;
  const auto coordinator = this->coordinator();
  const auto worker = this->worker();
  ASSERT_TRUE(worker->open_work("pool", got.sink()));
  worker->add_credit(5);
  ASSERT_EQ(publish_and_wait(*coordinator, {"pool", 1, "s1", 0}), publish_outcome::stored);
  ASSERT_TRUE(got.reaches(1));
  worker->hand_back(got.at(0).ack_subject, 0ms);
  ASSERT_TRUE(got.reaches(2, 3s));
  worker->hand_back(got.at(1).ack_subject, -5ms);
  EXPECT_TRUE(got.reaches(3, 3s));
}

TEST_F(redelivery_test, unacknowledged_work_comes_again_after_ack_wait) {
  collector got;
  const auto coordinator = this->coordinator();
  const auto worker = this->worker();
  ASSERT_TRUE(worker->open_work("pool", got.sink()));
  worker->add_credit(5);
  ASSERT_EQ(publish_and_wait(*coordinator, {"pool", 1, "s1", 0}), publish_outcome::stored);
  ASSERT_TRUE(got.reaches(1));
  ASSERT_TRUE(got.reaches(2, 5s));
  EXPECT_EQ(got.at(1).delivered, 2U);
  EXPECT_TRUE(ack_and_wait(*worker, got.at(0).ack_subject)) << "an old holder's acknowledgement counts";
  EXPECT_FALSE(got.reaches(3, 2'500ms));
}

TEST_F(redelivery_test, still_working_puts_the_redelivery_off) {
  collector got;
  const auto coordinator = this->coordinator();
  const auto worker = this->worker();
  ASSERT_TRUE(worker->open_work("pool", got.sink()));
  worker->add_credit(5);
  ASSERT_EQ(publish_and_wait(*coordinator, {"pool", 1, "s1", 0}), publish_outcome::stored);
  ASSERT_TRUE(got.reaches(1));
  for (int i = 0; i < 10; ++i) { // 3 s in all, three times ack_wait
    EXPECT_FALSE(got.reaches(2, 300ms));
    worker->still_working(got.at(0).ack_subject);
  }
  EXPECT_TRUE(got.reaches(2, 5s));
}

TEST_F(redelivery_test, work_of_a_worker_that_goes_is_delivered_to_another) {
  collector lost, found;
  const auto coordinator = this->coordinator();
  {
    const auto worker = this->worker();
    ASSERT_TRUE(worker->open_work("pool", lost.sink()));
    worker->add_credit(2);
    for (std::uint64_t batch = 0; batch < 4; ++batch)
      ASSERT_EQ(publish_and_wait(*coordinator, {"pool", 1, "s1", batch}), publish_outcome::stored);
    ASSERT_TRUE(lost.reaches(2));
  }
  const auto other = this->worker();
  ASSERT_TRUE(other->open_work("pool", found.sink()));
  other->add_credit(4);
  EXPECT_TRUE(found.reaches(4));
}

TEST_F(redelivery_test, acknowledging_garbage_is_unconfirmed_and_harmless) {
  options.ack_timeout = 500ms;
  const auto worker = this->worker();
  for (const char* subject :
       {"$JS.ACK.TRAINYARD_WORK.nobody_1.1.1.1.1.1", "nobody.listens", "", "a b", "a..b"})
    EXPECT_FALSE(ack_and_wait(*worker, subject)) << subject;
  worker->still_working("");
  worker->hand_back("not a subject", 5ms);
  EXPECT_EQ(result_and_wait(*worker, "s1", 1), publish_outcome::stored) << "the connection still works";
}

} // namespace
} // namespace trainyard::testing
