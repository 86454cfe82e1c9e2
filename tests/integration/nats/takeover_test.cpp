// A new epoch gets every unacknowledged result; what the old one still does hits nothing.
#include "nodes/nats/streams.hpp"

#include <nlohmann/json.hpp>

#include "tests/integration/nats/nats_world.hpp"

namespace trainyard::testing {
namespace {

struct takeover_test : nats_world {};

TEST_F(takeover_test, the_new_epoch_gets_all_unacknowledged_results_at_once) {
  collector before, after, third;
  const auto old = coordinator();
  const auto worker = this->worker();
  ASSERT_TRUE(old->open_results("s1", 1, 10, before.sink()));
  for (std::uint64_t batch = 0; batch < 10; ++batch)
    ASSERT_EQ(result_and_wait(*worker, "s1", batch), publish_outcome::stored);
  ASSERT_TRUE(before.reaches(10));
  for (std::size_t i = 0; i < 4; ++i)
    old->ack_result(before.at(i).ack_subject);
  const auto asking = *inbox::open(connect());
  ASSERT_TRUE(eventually(5s, [&] { // acknowledgements are processed in their own time
    const auto info = asking->call_api("CONSUMER.INFO.TRAINYARD_RESULTS.s1_e1", nlohmann::json());
    return info && info->value("num_ack_pending", 0) == 6;
  }));
  const auto fresh = coordinator();
  const auto began = std::chrono::steady_clock::now();
  ASSERT_TRUE(fresh->open_results("s1", 2, 10, after.sink()));
  ASSERT_TRUE(after.reaches(6));
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s) << "no ack_wait to sit out";
  EXPECT_FALSE(after.reaches(7, 300ms));
  for (std::size_t i = 4; i < 10; ++i) // the zombie acknowledges what it had in hand
    old->ack_result(before.at(i).ack_subject);
  EXPECT_FALSE(before.reaches(11, 300ms));
  ASSERT_TRUE(fresh->open_results("s1", 3, 10, third.sink()));
  EXPECT_TRUE(third.reaches(6)) << "a zombie's acknowledgement must hit nothing";
}

TEST_F(takeover_test, an_older_epoch_is_refused_and_does_not_come_back) {
  collector before, after;
  const auto old = coordinator();
  const auto fresh = coordinator();
  ASSERT_TRUE(old->open_results("s1", 1, 10, before.sink()));
  ASSERT_TRUE(fresh->open_results("s1", 2, 10, after.sink()));
  const auto again = old->open_results("s1", 1, 10, before.sink());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, failure_kind::nats_protocol);
  EXPECT_NE(again.error().cause.find("epoch 2"), std::string::npos);
  const auto worker = this->worker();
  ASSERT_EQ(result_and_wait(*worker, "s1", 1), publish_outcome::stored);
  EXPECT_TRUE(after.reaches(1));
  EXPECT_EQ(before.size(), 0U);
}

TEST_F(takeover_test, a_fenced_owner_hears_of_it_and_makes_no_consumer) {
  collector before, after;
  std::promise<failure> heard;
  std::atomic<int> times{0};
  options.on_trouble = [&](const failure& why) {
    if (times++ == 0)
      heard.set_value(why);
  };
  const auto old = coordinator();
  ASSERT_TRUE(old->open_results("s1", 1, 10, before.sink()));
  options.on_trouble = nullptr;
  const auto fresh = coordinator();
  ASSERT_TRUE(fresh->open_results("s1", 2, 10, after.sink()));
  auto future = heard.get_future();
  ASSERT_EQ(future.wait_for(10s), std::future_status::ready);
  EXPECT_NE(future.get().cause.find("taken over"), std::string::npos);
  const auto worker = this->worker();
  for (std::uint64_t batch = 0; batch < 20; ++batch)
    ASSERT_EQ(result_and_wait(*worker, "s1", batch), publish_outcome::stored);
  EXPECT_TRUE(after.reaches(10));
  EXPECT_EQ(before.size(), 0U);
  EXPECT_EQ(times, 1) << "told once, then it has stopped";
}

TEST_F(takeover_test, an_owner_whose_server_went_back_to_before_the_takeover_gets_its_results_again) {
  collector got;
  const auto owner = coordinator();
  ASSERT_TRUE(owner->open_results("s1", 2, 10, got.sink()));
  const auto asking = *inbox::open(connect());
  ASSERT_TRUE(eventually(10s, [&] { // the owner may make its own again in between
    (void)asking->call_api("CONSUMER.DELETE.TRAINYARD_RESULTS.s1_e2", nlohmann::json());
    return take_results_consumer(*asking, options.names, "s1", 1, options.streams).has_value();
  }));
  const auto worker = this->worker();
  ASSERT_EQ(result_and_wait(*worker, "s1", 1), publish_outcome::stored);
  EXPECT_TRUE(got.reaches(1));
}

TEST_F(takeover_test, sessions_with_alike_names_do_not_touch_each_other) {
  collector a, b, c;
  const auto coordinator = this->coordinator();
  const auto worker = this->worker();
  ASSERT_TRUE(coordinator->open_results("s", 5, 10, a.sink()));
  ASSERT_TRUE(coordinator->open_results("s_e1", 5, 10, b.sink()));
  ASSERT_TRUE(coordinator->open_results("s_e", 7, 10, c.sink()));
  for (const char* session : {"s", "s_e1", "s_e"})
    ASSERT_EQ(result_and_wait(*worker, session, 1), publish_outcome::stored);
  EXPECT_TRUE(a.reaches(1));
  EXPECT_TRUE(b.reaches(1));
  EXPECT_TRUE(c.reaches(1));
}

TEST_F(takeover_test, opening_again_in_the_same_epoch_gives_what_was_in_hand_at_once) {
  collector before, after;
  const auto coordinator = this->coordinator();
  const auto worker = this->worker();
  ASSERT_TRUE(coordinator->open_results("s1", 1, 2, before.sink()));
  for (std::uint64_t batch = 0; batch < 5; ++batch)
    ASSERT_EQ(result_and_wait(*worker, "s1", batch), publish_outcome::stored);
  ASSERT_TRUE(before.reaches(2));
  coordinator->close_results("s1");
  coordinator->close_results("s1");
  ASSERT_TRUE(coordinator->open_results("s1", 1, 10, after.sink()));
  EXPECT_TRUE(after.reaches(5));
  EXPECT_EQ(before.size(), 2U);
}

TEST_F(takeover_test, a_second_acknowledgement_frees_no_second_credit) {
  collector got;
  const auto coordinator = this->coordinator();
  const auto worker = this->worker();
  ASSERT_TRUE(coordinator->open_results("s1", 1, 1, got.sink()));
  for (std::uint64_t batch = 0; batch < 5; ++batch)
    ASSERT_EQ(result_and_wait(*worker, "s1", batch), publish_outcome::stored);
  ASSERT_TRUE(got.reaches(1));
  for (int i = 0; i < 3; ++i)
    coordinator->ack_result(got.at(0).ack_subject);
  ASSERT_TRUE(got.reaches(2));
  EXPECT_FALSE(got.reaches(3, 500ms));
}

TEST_F(takeover_test, a_forgotten_session_leaves_no_consumer) {
  collector got;
  const auto coordinator = this->coordinator();
  ASSERT_TRUE(coordinator->open_results("s1", 4, 1, got.sink()));
  ASSERT_TRUE(coordinator->forget_session("s1"));
  EXPECT_TRUE(coordinator->open_results("s1", 1, 1, got.sink())) << "no newer epoch is left to refuse it";
}

TEST_F(takeover_test, a_session_that_is_no_token_is_refused) {
  const auto coordinator = this->coordinator();
  for (const std::string bad : {"", "a.b", "a b", ">", "*", "../x"}) {
    const auto opened = coordinator->open_results(bad, 1, 1, [](delivery) {});
    ASSERT_FALSE(opened) << bad;
    EXPECT_EQ(opened.error().kind, failure_kind::message_invalid);
  }
}

} // namespace
} // namespace trainyard::testing
