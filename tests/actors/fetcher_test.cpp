// The fetcher acknowledges a batch only after its result is stored, and every batch it took has one end.
#include "tests/actors/fetcher_bench.hpp"

namespace trainyard::testing {
namespace {

TEST_F(fetcher_bench, takes_nothing_before_a_device_is_ready) {
  EXPECT_EQ(link.credit(), 0U);
  device_comes_up();
  EXPECT_TRUE(eventually(5s, [&] { return link.credit() == 2; }));
}

TEST_F(fetcher_bench, acknowledges_after_the_result_is_stored_and_asks_for_one_more) {
  device_comes_up();
  deliver(1, "one");
  ASSERT_TRUE(eventually(5s, [&] { return link.credit() == 3; }));
  std::vector<std::string> steps;
  for (const auto& event : link.events())
    if (event.find("working") == std::string::npos)
      steps.push_back(event);
  EXPECT_EQ(steps, (std::vector<std::string>{"publish", "ack one"}));
}

TEST_F(fetcher_bench, publishes_again_until_the_result_is_stored) {
  link.answer_next_publish_with(publish_outcome::unknown);
  device_comes_up();
  deliver(1, "one");
  ASSERT_TRUE(eventually(10s, [&] { return link.count("ack one") == 1; }));
  EXPECT_EQ(link.count("publish"), 2U);
  EXPECT_EQ(link.results().size(), 1U);
}

TEST_F(fetcher_bench, a_result_that_the_server_can_never_take_fails_its_images_by_name_and_ends) {
  link.answer_next_publish_with(publish_outcome::refused);
  device_comes_up();
  deliver(1, "one");
  ASSERT_TRUE(eventually(5s, [&] { return link.count("ack one") == 1; }));
  const auto results = link.results();
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].embedded.size(), 0U);
  ASSERT_EQ(results[0].failed.size(), 2U);
  EXPECT_NE(results[0].failed[0].reason.find("larger than the server takes"), std::string::npos);
}

TEST_F(fetcher_bench, hands_back_work_for_another_space) {
  device_comes_up();
  deliver(1, "one", "elsewhere");
  EXPECT_TRUE(eventually(5s, [&] { return link.count("back one") == 1; }));
  EXPECT_EQ(link.count("ack one"), 0U);
}

TEST_F(fetcher_bench, drops_a_message_that_is_no_batch_and_goes_on) {
  device_comes_up();
  auto rubbish = std::make_shared<delivery>();
  rubbish->ack_subject = "rubbish";
  rubbish->payload.assign(50, std::byte{0xc1});
  tell(fetch, work_delivered{std::move(rubbish)});
  deliver(2, "two");
  EXPECT_TRUE(eventually(5s, [&] { return link.count("ack two") == 1 && link.count("ack rubbish") == 1; }));
}

TEST_F(fetcher_bench, a_redelivery_of_a_batch_in_hand_is_not_done_twice) {
  *hold = true;
  device_comes_up();
  deliver(1, "one");
  deliver(1, "again");
  ASSERT_TRUE(eventually(5s, [&] { return link.count("working again") > 0; }));
  tell(fetch, device_lost{0});
  *hold = false;
  device_comes_up();
  ASSERT_TRUE(eventually(5s, [&] { return link.count("ack again") == 1; }));
  EXPECT_EQ(link.results().size(), 1U);
  EXPECT_EQ(link.count("ack one"), 0U);
}

TEST_F(fetcher_bench, says_that_it_works_on_everything_in_hand) {
  *hold = true;
  device_comes_up();
  deliver(1, "one");
  EXPECT_TRUE(eventually(5s, [&] { return link.count("working one") >= 2; }));
}

TEST_F(fetcher_bench, gives_a_lost_devices_batches_to_its_successor_without_asking_for_more_credit) {
  *hold = true;
  device_comes_up();
  deliver(1, "one");
  ASSERT_TRUE(eventually(5s, [&] { return link.count("working one") > 0; }));
  tell(fetch, device_lost{0});
  *hold = false;
  device_comes_up();
  ASSERT_TRUE(eventually(5s, [&] { return link.count("ack one") == 1; }));
  EXPECT_EQ(link.credit(), 3U);
}

TEST_F(fetcher_bench, gives_up_a_batch_that_three_devices_did_not_survive_and_says_so) {
  *hold = true;
  device_comes_up();
  deliver(1, "one");
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(eventually(
        5s, [&, seen = link.count("working one")] { return link.count("working one") > seen + 1; }));
    tell(fetch, device_lost{0});
    device_comes_up();
  }
  ASSERT_TRUE(eventually(5s, [&] { return link.count("ack one") == 1; }));
  ASSERT_EQ(link.results().size(), 1U);
  EXPECT_EQ(link.results()[0].kind, static_cast<std::uint32_t>(result_kind::gave_up)) << "no outcome";
  EXPECT_EQ(link.results()[0].failed.size(), 2U);
  EXPECT_EQ(link.results()[0].dim, 4U);
}

TEST_F(fetcher_bench, says_that_suspected_work_begins_before_it_touches_it_and_takes_one_at_a_time) {
  *hold = true;
  device_comes_up();
  deliver(1, "one", "space", "photos", 3);
  deliver(2, "two", "space", "photos", 3);
  deliver(3, "three", "space", "photos", 2);
  ASSERT_TRUE(eventually(5s, [&] { return link.count("working three") > 1; }));
  ASSERT_EQ(link.results().size(), 1U);
  EXPECT_EQ(link.results()[0].kind, static_cast<std::uint32_t>(result_kind::begun));
  EXPECT_EQ(link.results()[0].batch, 1U);
  tell(fetch, device_lost{0, false});
  *hold = false;
  device_comes_up();
  ASSERT_TRUE(eventually(5s, [&] { return link.count("ack two") == 1 && link.count("ack three") == 1; }));
  std::vector<std::string> told;
  for (const auto& each : link.results())
    if (each.batch != 3)
      told.push_back((each.kind == 0 ? "outcome " : "begun ") + std::to_string(each.batch));
  EXPECT_EQ(told, (std::vector<std::string>{"begun 1", "outcome 1", "begun 2", "outcome 2"}));
}

TEST_F(fetcher_bench, that_drains_says_of_no_suspected_work_that_it_begins) {
  *hold = true;
  device_comes_up();
  deliver(1, "one", "space", "photos", 3);
  ASSERT_TRUE(eventually(5s, [&] { return link.count("working one") > 1; }));
  deliver(2, "two", "space", "photos", 3);
  deliver(3, "three", "space", "photos", 3);
  tell(fetch, device_lost{0, false}); // the first one is ready again, and handed back like the others
  ASSERT_TRUE(eventually(5s, [&] { return link.count("working three") > 1; }));
  tell(fetch, drain_work{});
  ASSERT_TRUE(eventually(5s, [&] { return drained == 1; }));
  EXPECT_EQ(link.results().size(), 1U) << "the first one's";
}

TEST_F(fetcher_bench, that_drains_brings_suspected_work_to_its_end_of_which_it_has_said_that_it_begins) {
  *hold = true;
  device_comes_up();
  deliver(1, "one");
  deliver(2, "two");
  ASSERT_TRUE(eventually(5s, [&] { return link.count("working two") > 1; }));
  deliver(3, "three", "space", "photos", 3);
  ASSERT_TRUE(eventually(5s, [&] { return link.results().size() == 1; })) << "the word";
  tell(fetch, drain_work{});
  *hold = false;
  for (const std::uint64_t batch : {1, 2}) {
    work_batch work;
    work.session = "s";
    work.batch = batch;
    tell(fetch, batch_embedded{batch, 0, std::make_shared<const batch_result>(made_result(work))});
  }
  ASSERT_TRUE(eventually(5s, [&] { return drained == 1; }));
  EXPECT_EQ(link.count("back three"), 0U);
  EXPECT_EQ(link.count("ack three"), 1U);
}

TEST_F(fetcher_bench, says_again_that_work_begins_until_the_word_is_stored) {
  link.answer_next_publish_with(publish_outcome::unknown);
  device_comes_up();
  deliver(1, "one", "space", "photos", 9);
  ASSERT_TRUE(eventually(10s, [&] { return link.count("ack one") == 1; }));
  EXPECT_EQ(link.count("publish"), 3U);
}

TEST_F(fetcher_bench, drains_by_finishing_what_a_device_has_and_handing_back_the_rest) {
  *hold = true;
  device_comes_up();
  for (int i = 1; i <= 4; ++i)
    deliver(static_cast<std::uint64_t>(i), std::to_string(i));
  ASSERT_TRUE(eventually(5s, [&] { return link.count("working 4") > 1; }));
  tell(fetch, drain_work{});
  ASSERT_TRUE(eventually(5s, [&] { return link.count("back 3") == 1 && link.count("back 4") == 1; }));
  EXPECT_EQ(link.closed(), 1U);
  EXPECT_EQ(drained, 0);
  *hold = false;
  tell(fetch, device_lost{0});
  device_comes_up();
  EXPECT_TRUE(eventually(5s, [&] { return drained == 1; }));
  EXPECT_EQ(link.count("ack 1") + link.count("ack 2"), 2U);
}

} // namespace
} // namespace trainyard::testing
