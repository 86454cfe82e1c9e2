// What becomes of a publish, in every way the server can answer it.
#include "nodes/nats/publishing.hpp"

#include <thread>

#include <nlohmann/json.hpp>

#include "tests/integration/nats/nats_world.hpp"

namespace trainyard::testing {
namespace {

struct publishing_test : nats_world {};

publish_outcome outcome_of_text(std::string_view text) {
  nats_message reply;
  reply.payload = payload_of(text);
  std::optional<failure> trouble;
  return outcome_of(reply, trouble);
}

TEST_F(publishing_test, the_same_work_of_another_attempt_is_already_queued) {
  const auto coordinator = this->coordinator();
  EXPECT_EQ(publish_and_wait(*coordinator, {"pool", 1, "s1", 7, 1, 1}), publish_outcome::stored);
  EXPECT_EQ(publish_and_wait(*coordinator, {"pool", 1, "s1", 7, 1, 2}), publish_outcome::already_queued);
  EXPECT_EQ(publish_and_wait(*coordinator, {"pool", 1, "s1", 7, 2, 1}), publish_outcome::already_queued);
}

TEST_F(publishing_test, a_repeat_of_the_very_same_message_is_stored_once) {
  collector got;
  const auto coordinator = this->coordinator();
  const auto worker = this->worker();
  ASSERT_TRUE(coordinator->open_results("s1", 1, 10, got.sink()));
  EXPECT_EQ(result_and_wait(*worker, "s1", 7, 1), publish_outcome::stored);
  EXPECT_EQ(result_and_wait(*worker, "s1", 7, 1), publish_outcome::stored);
  EXPECT_EQ(result_and_wait(*worker, "s1", 7, 2), publish_outcome::stored);
  EXPECT_TRUE(got.reaches(2));
  EXPECT_FALSE(got.reaches(3, 300ms));
}

TEST_F(publishing_test, a_new_attempt_after_the_work_was_done_is_not_swallowed) {
  collector got;
  const auto coordinator = this->coordinator();
  const auto worker = this->worker();
  ASSERT_TRUE(worker->open_work("pool", got.sink()));
  worker->add_credit(10);
  for (std::uint32_t attempt = 1; attempt <= 3; ++attempt) {
    ASSERT_EQ(publish_and_wait(*coordinator, {"pool", 1, "s1", 7, 1, attempt}), publish_outcome::stored);
    ASSERT_TRUE(got.reaches(attempt));
    ASSERT_TRUE(ack_and_wait(*worker, got.at(attempt - 1).ack_subject));
  }
}

TEST_F(publishing_test, a_full_stream_is_told_from_an_occupied_subject) {
  options.streams.work_max_bytes = 100'000;
  const auto coordinator = this->coordinator();
  const std::string big(30'000, 'x');
  std::vector<publish_outcome> got;
  for (std::uint64_t batch = 0; batch < 5; ++batch)
    got.push_back(publish_and_wait(*coordinator, {"pool", 1, "s1", batch}, big));
  EXPECT_EQ(got.front(), publish_outcome::stored);
  EXPECT_EQ(got.back(), publish_outcome::full);
  EXPECT_EQ(publish_and_wait(*coordinator, {"pool", 1, "s1", 0, 2, 1}, "x"), publish_outcome::already_queued);
}

TEST_F(publishing_test, eight_threads_publish_at_once_and_each_hears_of_each) {
  const auto coordinator = this->coordinator();
  std::atomic<int> stored{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (std::uint64_t batch = 0; batch < 100; ++batch)
        coordinator->publish_work({"pool", 1, "s" + std::to_string(t), batch}, payload_of("x"),
                                  [&](publish_outcome got) { stored += got == publish_outcome::stored; });
    });
  for (auto& each : threads)
    each.join();
  EXPECT_TRUE(eventually(30s, [&] { return stored == 800; })) << stored;
}

TEST_F(publishing_test, too_large_a_payload_is_refused_and_an_operator_hears_of_it) {
  std::promise<failure> heard;
  options.on_trouble = [&](const failure& why) { heard.set_value(why); };
  const auto worker = this->worker();
  const std::string huge((8U << 20) + 1, 'x');
  EXPECT_EQ(result_and_wait(*worker, "s1", 1, 1, huge), publish_outcome::refused);
  auto future = heard.get_future();
  ASSERT_EQ(future.wait_for(5s), std::future_status::ready);
  EXPECT_NE(future.get().cause.find("max_payload"), std::string::npos);
  const std::string largest((8U << 20) - 4'096, 'x');
  EXPECT_EQ(result_and_wait(*worker, "s1", 2, 1, largest), publish_outcome::stored);
}

TEST_F(publishing_test, addresses_that_are_no_tokens_are_refused_and_reach_no_stream) {
  std::atomic<int> troubles{0};
  options.on_trouble = [&](const failure& why) { troubles += why.kind == failure_kind::message_invalid; };
  const auto coordinator = this->coordinator();
  const auto worker = this->worker();
  for (const work_address& bad :
       {work_address{"a.b", 1, "s"}, work_address{">", 1, "s"}, work_address{"p", 1, "*"},
        work_address{"", 1, "s"}, work_address{"p", 3, "s"}, work_address{"p", -1, "s"}})
    EXPECT_EQ(publish_and_wait(*coordinator, bad), publish_outcome::refused);
  EXPECT_GE(troubles, 6);
  EXPECT_EQ(result_and_wait(*worker, "a.>", 1), publish_outcome::refused);
}

TEST_F(publishing_test, a_callback_that_asks_again_while_the_link_goes_does_no_harm) {
  auto coordinator = this->coordinator();
  auto* raw = coordinator.get();
  std::atomic<int> ended{0};
  std::function<void(publish_outcome)> again = [&](publish_outcome got) {
    ++ended;
    if (got == publish_outcome::unknown)
      raw->publish_work({"pool", 1, "s1", 1}, payload_of("x"), again);
  };
  for (int i = 0; i < 50; ++i)
    raw->publish_work({"pool", 1, "s1", 1}, payload_of("x"), again);
  coordinator.reset();
  EXPECT_GE(ended, 50);
}

TEST_F(publishing_test, a_link_that_goes_ends_every_waiting_publish) {
  std::atomic<int> ended{0};
  {
    auto coordinator = this->coordinator();
    for (std::uint64_t batch = 0; batch < 200; ++batch)
      coordinator->publish_work({"pool", 1, "s1", batch}, payload_of("x"), [&](publish_outcome) { ++ended; });
  }
  EXPECT_EQ(ended, 200);
}

TEST_F(publishing_test, answers_that_make_no_sense_are_unknown) {
  for (const char* text :
       {"", "{", "[]", "null", "{}", R"({"error":1})", R"({"error":{}})", R"({"error":{"err_code":"x"}})",
        R"({"error":{"err_code":10071,"description":7}})", "\xff\xfe"})
    EXPECT_EQ(outcome_of_text(text), publish_outcome::unknown) << text;
  EXPECT_EQ(outcome_of_text(R"({"stream":"S","seq":1})"), publish_outcome::stored);
  EXPECT_EQ(outcome_of_text(R"({"stream":"S","seq":1,"duplicate":true})"), publish_outcome::stored);
  EXPECT_EQ(outcome_of_text(R"({"error":{"err_code":10077,"description":"maximum messages exceeded"}})"),
            publish_outcome::full);
}

} // namespace
} // namespace trainyard::testing
