// Following a session to its end, through silence and signals.
#include <thread>

#include <unistd.h>

#include "messages/api.hpp"
#include "messages/codec.hpp"
#include "tests/integration/client/client_world.hpp"

namespace trainyard::testing {
namespace {

session_status in_state(std::string state, std::uint64_t embedded = 0) {
  session_status status;
  status.session_id = "s1";
  status.state = std::move(state);
  status.total = 10;
  status.total_is_final = true;
  status.embedded = embedded;
  status.pending = 10 - embedded;
  return status;
}

session_status completed() {
  auto status = in_state("completed", 10);
  auto& report = status.report.emplace();
  report.session_id = "s1";
  report.state = "completed";
  report.total = report.embedded = 10;
  report.model = "m";
  return status;
}

struct watch_test : client_world {
  std::shared_ptr<connection> link = connect();
  std::atomic<int> polls{0};

  void progress(std::uint64_t embedded) const {
    session_progress now;
    now.session_id = "s1";
    now.state = "listing";
    now.total = 10;
    now.total_is_final = true;
    now.embedded = embedded;
    (void)link->publish(subjects().session_events("s1"), bytes_of(to_json_text(now)));
  }
  /// Each in its turn, the last one for ever.
  responder::answer in_turn(std::vector<std::string> answers) {
    return [this, answers = std::move(answers)](const responder::request&) {
      const auto at = std::min(static_cast<std::size_t>(polls++), answers.size() - 1);
      return std::optional(answers[at]);
    };
  }
};

TEST_F(watch_test, shows_progress_from_events_and_ends_with_the_report) {
  const responder there(link, [this](const responder::request&) {
    if (polls++ == 0) {
      progress(4);
      return std::optional(to_json_text(in_state("running", 3)));
    }
    return std::optional(to_json_text(completed()));
  });
  const auto did = run("watch", {"s1"});
  EXPECT_EQ(did.status, 0) << did.err;
  EXPECT_THAT(did.err, HasSubstr("progress 3/10"));
  EXPECT_THAT(did.err, HasSubstr("progress 4/10"));
  const auto last = did.err.find("progress 10/10 (100%)");
  ASSERT_NE(last, did.err.npos) << did.err;
  EXPECT_EQ(did.err.find("progress 10/10", last + 1), did.err.npos) << "the last word is said once";
  EXPECT_THAT(did.out, HasSubstr("completed"));
  EXPECT_THAT(did.out, HasSubstr("10 embedded"));
}

TEST_F(watch_test, of_a_session_that_has_ended_is_its_report_as_json) {
  const responder there(link, in_turn({to_json_text(completed())}));
  const auto did = run("watch", {"s1"}, {{"run.json", "true"}});
  EXPECT_EQ(did.status, 0) << did.err;
  EXPECT_EQ(did.out, to_json_text(*completed().report) + "\n");
}

TEST_F(watch_test, exits_as_a_run_would) {
  auto some = completed();
  some.failed = some.report->failed = 2;
  auto failed = in_state("failed", 4);
  failed.code = "TY1205";
  failed.reason = "the disk is full";
  const std::map<int, session_status> ends{{3, some}, {75, failed}, {130, in_state("cancelled", 4)}};
  for (const auto& each : ends) {
    const responder there(
        link, [&](const responder::request&) { return std::optional(to_json_text(each.second)); });
    const auto did = run("watch", {"s1"}, {{"run.json", "true"}});
    EXPECT_EQ(did.status, each.first) << did.err;
    EXPECT_EQ(nlohmann::json::parse(did.out)["state"], each.second.state);
  }
}

TEST_F(watch_test, of_a_session_that_nobody_knows_ends_at_once) {
  EXPECT_EQ(run("watch", {"s1"}).status, 69);
  const responder there(link, in_turn({refusal_text("TY1602", "no session s1")}));
  EXPECT_EQ(run("watch", {"s1"}).status, 66);
}

TEST_F(watch_test, waits_for_a_coordinator_that_falls_silent) {
  std::optional<responder> there;
  const auto serve = in_turn({to_json_text(in_state("running", 3)), to_json_text(completed())});
  there.emplace(link, serve);
  std::thread fate([&] {
    EXPECT_TRUE(eventually(10s, [&] { return polls == 1; }));
    there.reset();
    std::atomic<int> asked_in_vain{0}; // a request is sent a few times, in case one of several is halted
    const auto tap =
        *link->subscribe("trainyard.api.status.s1", [&](const nats_message&) { ++asked_in_vain; });
    EXPECT_TRUE(eventually(20s, [&] { return asked_in_vain > 5; }));
    there.emplace(link, serve);
  });
  const auto did = run("watch", {"s1"});
  fate.join();
  EXPECT_EQ(did.status, 0) << did.err;
  EXPECT_THAT(did.err, HasSubstr("Waiting: "));
}

TEST_F(watch_test, a_signal_ends_the_watching_and_not_the_session) {
  const responder there(link, [this](const responder::request&) {
    if (polls++ == 0)
      ::kill(::getpid(), SIGINT);
    return std::optional(to_json_text(in_state("running", 3)));
  });
  const auto did = run("watch", {"s1"});
  EXPECT_EQ(did.status, 130);
  EXPECT_EQ(did.out, "");
  EXPECT_THAT(did.err, HasSubstr("the session goes on. To watch it again: trainyard watch s1"));
  for (const auto& each : there.seen())
    EXPECT_EQ(each.verb, "status");
}

TEST_F(watch_test, submit_with_wait_follows_the_job_from_the_queue_to_its_report) {
  make_jobs_stream();
  std::optional<responder> there;
  std::thread coordinator([&] {
    EXPECT_TRUE(eventually(10s, [&] { return jobs_stored() == 1; }));
    there.emplace(link, in_turn({refusal_text("TY1602", "no session s1"), to_json_text(completed())}));
  });
  const auto did =
      run("submit", {"2024"},
          {{"job.root", "r"}, {"job.session_id", "s1"}, {"job.wait", "true"}, {"run.json", "true"}});
  coordinator.join();
  EXPECT_EQ(did.status, 0) << did.err;
  EXPECT_THAT(did.err, HasSubstr("session s1 is queued until one starts"));
  EXPECT_EQ(did.out, to_json_text(*completed().report) + "\n") << "the report alone is the result";
}

} // namespace
} // namespace trainyard::testing
