// What a run's own dashboard is told: the one session that there is, and that nobody else steers it.
#include "nodes/run/run_answers.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

using json = nlohmann::json;

struct run_answers_test : ::testing::Test {
  testing::temp_dir dir;
  run_answers answers{[] {
                        session_status known;
                        known.session_id = "run-1";
                        known.state = "running";
                        known.training_directory = "/photos";
                        return known;
                      }(),
                      dir.path()};

  json say(std::string_view verb, std::string_view session = {}, std::string_view payload = "{}") const {
    const auto said = answers.answer(verb, session, payload);
    EXPECT_TRUE(said) << said.error().cause;
    return said ? json::parse(*said) : json();
  }
  failure_kind refusal(std::string_view verb, std::string_view session) const {
    const auto said = answers.answer(verb, session, "{}");
    EXPECT_FALSE(said);
    return said ? failure_kind::internal : said.error().kind;
  }
};

TEST_F(run_answers_test, hold_what_was_known_until_the_session_speaks) {
  EXPECT_EQ(say("list")["sessions"][0]["session_id"], "run-1");
  EXPECT_EQ(say("status", "run-1")["training_directory"], "/photos");
  EXPECT_TRUE(say("devices")["devices"].empty());
}

TEST_F(run_answers_test, follow_the_last_word_of_session_and_worker) {
  session_progress progress;
  progress.session_id = "run-of-the-folder"; // an output keeps the id that it was made with
  progress.state = "listing";
  progress.total = 10;
  progress.embedded = 4;
  progress.images_per_second = 2.5;
  answers.heard(progress);
  node_heartbeat beat;
  beat.devices.emplace_back().id = "cpu";
  answers.heard(beat);
  EXPECT_EQ(say("status", "run-of-the-folder")["embedded"], 4);
  EXPECT_EQ(say("status", "run-of-the-folder")["state"], "running");
  EXPECT_EQ(say("devices")["devices"][0]["id"], "cpu");
}

TEST_F(run_answers_test, tell_of_images_that_failed) {
  dir.write("failures.jsonl",
            R"({"asset":"a.jpg","stage":"decode","code":"TY2101","reason":"no picture","attempts":1})"
            "\n");
  EXPECT_EQ(say("failures", "run-1", R"({"offset":0,"limit":5})")["failures"][0]["asset"], "a.jpg");
  EXPECT_FALSE(answers.answer("failures", "run-1", "no json"));
}

TEST_F(run_answers_test, refuse_another_session_and_whatever_would_change_this_one) {
  EXPECT_EQ(refusal("status", "another"), failure_kind::session_unknown);
  for (const auto* verb : {"pause", "resume", "cancel", "retry"})
    EXPECT_EQ(refusal(verb, "run-1"), failure_kind::session_conflict) << verb;
  EXPECT_EQ(refusal("submit", ""), failure_kind::session_conflict);
}

} // namespace
} // namespace trainyard
