// A session lists, dispatches, records and ends; acknowledges only what is on disk; survives rubbish, doubles
// and interrupts.
#include "actors/coordinator/session_actor.hpp"

#include <set>

#include <gtest/gtest.h>

#include "tests/support/actor_bench.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/fake_links.hpp"
#include "tests/support/made_results.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;
using testing::eventually;

delivery delivery_of(const batch_result& result, std::string ack) {
  delivery one;
  one.ack_subject = std::move(ack);
  one.payload = to_msgpack(result);
  return one;
}

std::vector<delivery> answer_once(const work_batch& work) {
  std::vector<delivery> answers;
  answers.push_back(delivery_of(testing::made_result(work), "ack" + std::to_string(work.batch)));
  return answers;
}

struct session_bench : ::testing::Test {
  testing::temp_dir dir;
  testing::actor_bench actors;
  std::mutex mutex;
  std::optional<session_outcome> outcome;

  void photos(int count) const {
    for (int i = 0; i < count; ++i)
      dir.write("photos/img" + std::to_string(1000 + i) + (i == 5 ? "bad.jpg" : ".jpg"), "x");
  }
  session_config config() const {
    session_config config;
    config.session_id = "s1";
    config.directory = dir.path() / "photos";
    config.out = dir.path() / "out";
    config.root = "run";
    config.model = "mock";
    config.space_id = "space";
    config.dim = 4;
    config.dtype = "fp32";
    config.batch_size = 4;
    config.window.max_in_flight = 3;
    config.tick = 20ms;
    return config;
  }
  actor start(testing::fake_coordinator_link& link, session_config with) {
    session_sinks sinks;
    sinks.on_progress = [](session_progress) {};
    sinks.on_end = [this](session_outcome ended) {
      const std::lock_guard lock(mutex);
      outcome = std::move(ended);
    };
    return spawn_detached<session_actor>(actors.system(), std::move(with), std::ref<coordinator_link>(link),
                                         std::move(sinks));
  }
  bool ended() {
    const std::lock_guard lock(mutex);
    return outcome.has_value();
  }
  void run_to_end(testing::fake_coordinator_link& link) {
    auto session = start(link, config());
    ASSERT_TRUE(eventually(20s, [&] { return ended(); }));
    actors.wait(session);
  }
};

TEST_F(session_bench, ends_completed_with_every_image_accounted_for) {
  photos(30);
  testing::fake_coordinator_link link(answer_once);
  run_to_end(link);
  EXPECT_EQ(outcome->state, "completed");
  EXPECT_EQ(outcome->counts.total, 30U);
  EXPECT_EQ(outcome->counts.embedded, 29U);
  EXPECT_EQ(outcome->counts.failed, 1U);
  EXPECT_TRUE(std::filesystem::exists(dir.path() / "out" / "session.json"));
  const auto acked = link.acked();
  EXPECT_EQ(std::set(acked.begin(), acked.end()).size(), 8U);
}

TEST_F(session_bench, a_second_run_dispatches_nothing_and_reports_the_same) {
  photos(30);
  testing::fake_coordinator_link first(answer_once);
  run_to_end(first);
  outcome.reset();
  testing::fake_coordinator_link second(answer_once);
  run_to_end(second);
  EXPECT_TRUE(second.published().empty());
  EXPECT_EQ(outcome->counts.embedded, 29U);
  EXPECT_EQ(outcome->counts.done_before, 30U);
}

TEST_F(session_bench, embeds_what_is_new_since_the_directory_was_listed) {
  photos(30);
  testing::fake_coordinator_link first(answer_once);
  run_to_end(first);
  EXPECT_FALSE(outcome->changed);
  outcome.reset();
  dir.write("photos/later.jpg", "x");
  std::filesystem::remove(dir.path() / "photos" / "img1000.jpg");
  testing::fake_coordinator_link second(answer_once);
  run_to_end(second);
  EXPECT_EQ(outcome->state, "completed");
  EXPECT_EQ(outcome->changed, (changes_report{.added = 1, .vanished = 1, .unchanged = 29}));
  ASSERT_EQ(second.published().size(), 1U);
  EXPECT_EQ(second.published()[0].assets.size(), 1U);
  EXPECT_EQ(second.published()[0].batch, 8U) << "numbers go on";
  EXPECT_EQ(outcome->counts.total, 31U);
  EXPECT_EQ(outcome->counts.embedded, 30U);
}

TEST_F(session_bench, an_order_that_comes_before_the_listing_does_not_end_what_is_to_be_compared) {
  photos(8);
  testing::fake_coordinator_link first(answer_once);
  run_to_end(first);
  outcome.reset();
  dir.write("photos/later.jpg", "x");
  testing::fake_coordinator_link second(answer_once);
  auto session = start(second, config());
  tell(session, resize_window{3}); // as a host does at once
  ASSERT_TRUE(eventually(20s, [&] { return ended(); }));
  actors.wait(session);
  ASSERT_TRUE(outcome->changed);
  EXPECT_EQ(outcome->changed->added, 1U);
  EXPECT_EQ(outcome->counts.total, 9U);
}

TEST_F(session_bench, prunes_and_retries_when_asked_for) {
  photos(30);
  testing::fake_coordinator_link first(answer_once);
  run_to_end(first);
  outcome.reset();
  for (int i = 10; i < 20; ++i)
    std::filesystem::remove(dir.path() / "photos" / ("img" + std::to_string(1000 + i) + ".jpg"));
  testing::fake_coordinator_link second(answer_once);
  auto following = config();
  following.prune = following.retry_failed = true;
  auto session = start(second, following);
  ASSERT_TRUE(eventually(20s, [&] { return ended(); }));
  actors.wait(session);
  EXPECT_EQ(outcome->state, "completed");
  EXPECT_EQ(outcome->changed, (changes_report{.retried = 1, .pruned = 10, .unchanged = 19}));
  EXPECT_EQ(outcome->counts.embedded, 19U);
  EXPECT_EQ(outcome->counts.failed, 1U);
  EXPECT_EQ(outcome->counts.total, 20U);
}

TEST_F(session_bench, what_an_interrupted_run_left_is_finished_before_the_directory_is_compared) {
  photos(40);
  testing::fake_coordinator_link first([](const work_batch&) { return std::vector<delivery>{}; });
  auto session = start(first, config());
  ASSERT_TRUE(eventually(10s, [&] { return first.published().size() == 3; }));
  tell(session, interrupt_session{0ms});
  ASSERT_TRUE(eventually(10s, [&] { return ended(); }));
  actors.wait(session);
  outcome.reset();
  dir.write("photos/img0.jpg", "x");
  testing::fake_coordinator_link second(answer_once);
  run_to_end(second);
  EXPECT_EQ(outcome->state, "completed");
  ASSERT_TRUE(outcome->changed);
  EXPECT_EQ(outcome->changed->added, 1U);
  EXPECT_EQ(outcome->counts.total, 41U);
}

TEST_F(session_bench, a_batch_that_the_server_can_never_take_ends_the_session_with_a_remedy) {
  photos(4);
  testing::fake_coordinator_link link(answer_once);
  link.work_outcome = publish_outcome::refused;
  run_to_end(link);
  EXPECT_EQ(outcome->state, "failed");
  ASSERT_TRUE(outcome->why);
  EXPECT_NE(outcome->why->remedy.find("--batch-size"), std::string::npos);
}

TEST_F(session_bench, doubled_results_and_rubbish_cost_nothing) {
  photos(30);
  testing::fake_coordinator_link link([](const work_batch& work) {
    auto answers = answer_once(work);
    answers.push_back(answers.front());
    delivery rubbish;
    rubbish.ack_subject = "rubbish";
    rubbish.payload.assign(9, std::byte{0xdd});
    answers.insert(answers.begin(), rubbish);
    return answers;
  });
  run_to_end(link);
  EXPECT_EQ(outcome->counts.embedded + outcome->counts.failed, 30U);
}

TEST_F(session_bench, never_has_more_than_the_window_in_flight) {
  photos(60);
  testing::fake_coordinator_link link([](const work_batch&) { return std::vector<delivery>{}; });
  auto session = start(link, config());
  ASSERT_TRUE(eventually(5s, [&] { return link.published().size() == 3; }));
  const auto first = link.published();
  link.deliver("s1", delivery_of(testing::made_result(first[1]), "one"));
  ASSERT_TRUE(eventually(5s, [&] { return link.published().size() == 4; }));
  EXPECT_EQ(link.acked(), std::vector<std::string>{"one"});
  tell(session, interrupt_session{0ms});
  ASSERT_TRUE(eventually(5s, [&] { return ended(); }));
  actors.wait(session);
}

TEST_F(session_bench, a_batch_whose_result_never_comes_is_sent_again_as_the_next_attempt) {
  photos(4);
  testing::fake_coordinator_link link(
      [](const work_batch& work) { return work.attempt < 3 ? std::vector<delivery>{} : answer_once(work); });
  auto impatient = config();
  impatient.window.retry_after = 50ms;
  auto session = start(link, impatient);
  ASSERT_TRUE(eventually(10s, [&] { return ended(); }));
  actors.wait(session);
  EXPECT_EQ(outcome->state, "completed");
  EXPECT_GE(link.published().size(), 3U);
}

TEST_F(session_bench, interrupted_it_keeps_what_came_and_a_later_run_finishes_the_rest) {
  photos(60);
  std::atomic<int> answered = 0;
  testing::fake_coordinator_link first(
      [&](const work_batch& work) { return ++answered <= 5 ? answer_once(work) : std::vector<delivery>{}; });
  auto session = start(first, config());
  ASSERT_TRUE(eventually(10s, [&] { return first.acked().size() == 5; }));
  tell(session, interrupt_session{10ms});
  ASSERT_TRUE(eventually(10s, [&] { return ended(); }));
  actors.wait(session);
  EXPECT_EQ(outcome->state, "interrupted");
  EXPECT_EQ(outcome->counts.embedded + outcome->counts.failed, 20U);
  outcome.reset();
  testing::fake_coordinator_link second(answer_once);
  run_to_end(second);
  EXPECT_EQ(second.published().size(), 10U);
  EXPECT_GT(second.epoch(), first.epoch());
  EXPECT_EQ(outcome->counts.embedded + outcome->counts.failed, 60U);
}

TEST_F(session_bench, a_directory_without_images_fails_clearly_and_images_added_later_are_found) {
  dir.write("photos/notes.txt", "no image");
  testing::fake_coordinator_link link(answer_once);
  run_to_end(link);
  EXPECT_EQ(outcome->state, "failed");
  ASSERT_TRUE(outcome->why);
  EXPECT_EQ(outcome->why->kind, failure_kind::input_empty);
  EXPECT_EQ(outcome->ignored_files, 1U);
  outcome.reset();
  photos(3);
  testing::fake_coordinator_link later(answer_once);
  run_to_end(later);
  EXPECT_EQ(outcome->state, "completed");
  EXPECT_EQ(outcome->counts.total, 3U);
}

TEST_F(session_bench, a_folder_that_is_not_ours_fails_the_session_and_is_left_as_it_was) {
  photos(3);
  dir.write("out/precious.txt", "mine");
  testing::fake_coordinator_link link(answer_once);
  run_to_end(link);
  EXPECT_EQ(outcome->state, "failed");
  ASSERT_TRUE(outcome->why);
  EXPECT_EQ(outcome->why->kind, failure_kind::output_mismatch);
  EXPECT_TRUE(std::filesystem::exists(dir.path() / "out" / "precious.txt"));
}

} // namespace
} // namespace trainyard
