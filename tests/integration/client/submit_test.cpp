// A job is asked for where a coordinator answers, and kept where none does.
#include <gtest/gtest.h>

#include "messages/api.hpp"
#include "messages/codec.hpp"
#include "tests/integration/client/client_world.hpp"

namespace trainyard::testing {
namespace {

struct submit_test : client_world {
  /// The job that the stream holds for `id`.
  result<session_spec> job(const std::string& id) const {
    const auto box = *inbox::open(connect());
    const auto got =
        box->call_api("STREAM.MSG.GET." + subjects().jobs_stream(), {{"last_by_subj", subjects().job(id)}});
    if (!got)
      return tl::unexpected(got.error());
    return decode<session_spec>(*from_base64((*got)["message"]["data"].get<std::string>()));
  }
};

TEST_F(submit_test, gives_the_job_to_a_coordinator_and_prints_the_session) {
  const responder there(connect(), [](const responder::request&) {
    return std::optional(to_json_text(submit_reply{.schema = 1, .session_id = "s7", .state = "queued"}));
  });
  const auto did = run("submit", {"2024"}, {{"job.root", "photos"}, {"job.priority", "2"}});
  EXPECT_EQ(did.status, 0) << did.err;
  EXPECT_EQ(did.out, "session s7 queued\n");
  EXPECT_EQ(did.err, "To follow it: trainyard watch s7\n");
  const auto spec = decode<session_spec>(bytes_of(there.seen().at(0).payload));
  ASSERT_TRUE(spec) << spec.error().cause;
  EXPECT_EQ(spec->root, "photos");
  EXPECT_EQ(spec->training_directory, "2024");
  EXPECT_EQ(spec->priority, 2U);
  EXPECT_TRUE(spec->session_id && is_token(*spec->session_id)) << "asked again, it is the same session";
}

TEST_F(submit_test, prints_json_for_programs_and_nothing_else) {
  const responder there(connect(), [](const responder::request&) {
    return std::optional(to_json_text(submit_reply{.schema = 1, .session_id = "s7", .state = "queued"}));
  });
  const auto did = run("submit", {"2024"}, {{"job.root", "photos"}, {"run.json", "true"}});
  EXPECT_EQ(did.out, R"({"schema":1,"session_id":"s7","state":"queued"})"
                     "\n");
  EXPECT_EQ(did.err, "");
}

TEST_F(submit_test, leaves_the_job_in_the_stream_where_no_coordinator_answers) {
  make_jobs_stream();
  const auto did = run("submit", {"2024"}, {{"job.root", "photos"}, {"job.session_id", "s9"}});
  EXPECT_EQ(did.status, 0) << did.err;
  EXPECT_EQ(did.out, "session s9 queued\n");
  EXPECT_THAT(did.err, HasSubstr("No coordinator answers: session s9 is queued until one starts."));
  const auto kept = job("s9");
  ASSERT_TRUE(kept) << kept.error().cause;
  EXPECT_EQ(kept->session_id, "s9");
  EXPECT_EQ(kept->training_directory, "2024");
  EXPECT_EQ(run("submit", {"2024"}, {{"job.root", "photos"}, {"job.session_id", "s9"}}).status, 0);
  EXPECT_EQ(jobs_stored(), 1U) << "the same id twice is the same session";
}

TEST_F(submit_test, makes_up_an_id_for_a_job_that_waits) {
  make_jobs_stream();
  const auto first = run("submit", {"a"}, {{"job.root", "r"}, {"run.json", "true"}});
  const auto second = run("submit", {"a"}, {{"job.root", "r"}, {"run.json", "true"}});
  ASSERT_EQ(first.status, 0) << first.err;
  const auto id = nlohmann::json::parse(first.out)["session_id"].get<std::string>();
  EXPECT_TRUE(is_token(id)) << id;
  EXPECT_NE(first.out, second.out);
  EXPECT_EQ(job(id)->session_id, id);
  EXPECT_EQ(jobs_stored(), 2U);
}

TEST_F(submit_test, without_coordinator_and_stream_says_what_to_start) {
  const auto did = run("submit", {"2024"}, {{"job.root", "photos"}});
  EXPECT_EQ(did.status, 69);
  EXPECT_EQ(did.out, "");
  EXPECT_THAT(did.err, HasSubstr("no stream TRAINYARD_JOBS"));
  EXPECT_THAT(did.err, HasSubstr("start `trainyard coordinator`"));
}

TEST_F(submit_test, does_not_queue_what_a_coordinator_refuses) {
  make_jobs_stream();
  const responder there(connect(), [](const responder::request&) {
    return std::optional(refusal_text("TY1101", "there is no root 'photos'"));
  });
  const auto did = run("submit", {"2024"}, {{"job.root", "photos"}, {"job.wait", "true"}});
  EXPECT_EQ(did.status, 66);
  EXPECT_THAT(did.err, HasSubstr("there is no root 'photos' code=TY1101"));
  EXPECT_EQ(jobs_stored(), 0U);
}

} // namespace
} // namespace trainyard::testing
