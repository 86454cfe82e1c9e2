// Every request gets one answer, in the coding that it was asked in.
#include "tests/unit/host/desk_world.hpp"

namespace trainyard::testing {
namespace {

struct request_desk_test : desk_world {};

TEST_F(request_desk_test, json_is_answered_in_json_and_msgpack_in_msgpack) {
  const auto as_json = ask(
      "submit", "", bytes(R"({"schema":1,"training_directory":"2024","root":"photos","session_id":"s1"})"));
  EXPECT_TRUE(is_json(as_json));
  EXPECT_EQ(decode<submit_reply>(as_json).value().session_id, "s1");
  const auto as_msgpack = ask("submit", "", to_msgpack(job("s2")));
  EXPECT_FALSE(is_json(as_msgpack));
  EXPECT_EQ(decode<submit_reply>(as_msgpack).value().state, "queued");
}

TEST_F(request_desk_test, an_empty_request_is_answered_in_json) {
  ASSERT_EQ(submitted(job("s1")), "s1");
  for (const auto* verb : {"list", "devices"})
    EXPECT_TRUE(is_json(ask(verb))) << verb;
  for (const auto* verb : {"status", "pause", "resume", "cancel", "retry", "failures", "nonsense"})
    EXPECT_TRUE(is_json(ask(verb, "s1"))) << verb;
  EXPECT_TRUE(is_json(ask("submit")));
}

TEST_F(request_desk_test, an_unknown_verb_names_those_that_there_are) {
  const auto refused = decode<error_reply>(ask("explode", "s1")).value().error;
  EXPECT_EQ(refused.code, "TY1001");
  EXPECT_NE(refused.message.find("explode"), std::string::npos);
  EXPECT_NE(refused.remedy.find("pause"), std::string::npos);
  EXPECT_EQ(refusal_in(ask("")), "TY1001");
}

TEST_F(request_desk_test, an_unknown_session_is_session_unknown_for_every_verb) {
  for (const auto* verb : {"status", "pause", "resume", "cancel", "retry", "failures"})
    EXPECT_EQ(refusal_in(ask(verb, "nobody")), "TY1602") << verb;
}

TEST_F(request_desk_test, what_is_no_id_is_refused_before_the_registry_is_asked) {
  registry.break_off({"find"});
  for (const auto* verb : {"status", "pause", "failures"})
    for (const auto* session : {"", "a.b", "*", "a b"})
      EXPECT_EQ(refusal_in(ask(verb, session)), "TY1001") << verb << " " << session;
}

TEST_F(request_desk_test, rubbish_is_refused_and_answered) {
  const std::vector<std::byte> rubbish(30, std::byte{0xc1});
  EXPECT_EQ(refusal_in(ask("submit", "", rubbish)), "TY1601");
  EXPECT_EQ(refusal_in(ask("submit", "", bytes("{\"schema\":"))), "TY1601");
  EXPECT_EQ(refusal_in(ask("submit", "", bytes(R"({"schema":1,"training_directory":7})"))), "TY1601");
  ASSERT_EQ(submitted(job("s1")), "s1");
  EXPECT_EQ(refusal_in(ask("failures", "s1", rubbish)), "TY1601");
  EXPECT_EQ(refusal_in(ask("status", "s1", rubbish)), ""); // it needs no payload
}

TEST_F(request_desk_test, a_job_without_an_id_gets_a_fresh_one) {
  EXPECT_EQ(submitted(spec("2024")), "fresh");
  EXPECT_EQ(store->record("fresh")->spec.session_id, "fresh");
}

TEST_F(request_desk_test, the_same_job_by_another_name_of_its_directory_is_the_same_session) {
  ASSERT_EQ(submitted(job("s1")), "s1");
  EXPECT_EQ(submitted(job("s1", "./2024/may/..")), "s1");
  EXPECT_EQ(submitted(job("s1", (top / "photos/2024").string())), "s1");
  auto choosy = job("s1");
  choosy.model = "mock";
  choosy.precision = "auto";
  choosy.weight = 1;
  EXPECT_EQ(submitted(choosy), "s1");
}

TEST_F(request_desk_test, a_completed_session_that_is_submitted_again_is_queued_again) {
  ASSERT_EQ(submitted(job("s1")), "s1");
  auto record = *store->record("s1");
  record.status.state = "completed";
  store->put(record);
  auto again = job("s1");
  again.prune = true;
  const auto answer = decode<submit_reply>(ask("submit", "", to_msgpack(again))).value();
  EXPECT_EQ(answer.state, "queued");
  EXPECT_EQ(store->state_of("s1"), "queued");
  EXPECT_EQ(store->record("s1")->spec.prune, true);
  EXPECT_EQ(submitted(job("s1")), "s1");
  EXPECT_EQ(store->record("s1")->spec.prune, true) << "it is on its way already";
}

TEST_F(request_desk_test, another_job_of_the_same_id_is_a_conflict_whatever_differs) {
  ASSERT_EQ(submitted(job("s1")), "s1");
  EXPECT_EQ(submitted(job("s1", "2024/may")), "TY1603");
  auto elsewhere = job("s1", ".");
  elsewhere.root = "scans";
  EXPECT_EQ(submitted(elsewhere), "TY1603");
  const auto with = [&](auto member, auto value) {
    auto asked = job("s1");
    asked.*member = value;
    return submitted(asked);
  };
  EXPECT_EQ(with(&session_spec::batch_size, 7U), "TY1603");
  EXPECT_EQ(with(&session_spec::gpu_batch_size, 7U), "TY1603");
  EXPECT_EQ(with(&session_spec::output, "other"), "TY1603");
  EXPECT_EQ(with(&session_spec::dtype, "fp32"), "TY1603");
  EXPECT_EQ(with(&session_spec::precision, "bf16"), "TY1603");
  EXPECT_EQ(with(&session_spec::weight, 2.0), "TY1603");
  EXPECT_EQ(with(&session_spec::priority, 2U), "TY1603");
}

TEST_F(request_desk_test, list_is_oldest_first_and_has_no_reports) {
  const auto put = [&](const std::string& id, const std::string& at) {
    session_record one;
    one.status.session_id = id;
    one.status.state = "completed";
    one.status.submitted_at = at;
    one.status.report = session_report{};
    store->put(one);
  };
  put("a", "2026-03");
  put("b", "2026-01");
  put("c", "2026-02");
  ASSERT_TRUE(book.refresh());
  std::string order;
  const auto listed = decode<session_list>(ask("list")).value();
  for (const auto& each : listed.sessions) {
    order += each.session_id;
    EXPECT_FALSE(each.report);
  }
  EXPECT_EQ(order, "bca");
  EXPECT_TRUE(decode<session_status>(ask("status", "a")).value().report);
}

TEST_F(request_desk_test, failures_are_paged_and_a_refused_job_has_none) {
  ASSERT_EQ(submitted(job("s1")), "s1");
  std::string lines;
  for (int i = 0; i < 3; ++i)
    lines += R"({"asset":"a","stage":"read","code":"TY2001","reason":"gone","attempts":1})"
             "\n";
  dir.write("out/s1/failures.jsonl", lines);
  const auto page = decode<failure_page>(ask("failures", "s1", bytes(R"({"limit":2})"))).value();
  EXPECT_EQ(page.failures.size(), 2U);
  EXPECT_EQ(page.next_offset, 2U);
  EXPECT_EQ(decode<failure_page>(ask("failures", "s1")).value().failures.size(), 3U);
  session_record refused;
  refused.status.session_id = "refused";
  refused.status.state = "failed";
  store->put(refused);
  const auto here = std::filesystem::current_path();
  dir.write("failures.jsonl", lines);
  std::filesystem::current_path(dir.path()); // it has no output folder, and this is not one
  EXPECT_TRUE(decode<failure_page>(ask("failures", "refused")).value().failures.empty());
  std::filesystem::current_path(here);
}

TEST_F(request_desk_test, a_registry_that_is_away_is_said) {
  registry.break_off({"find", "create", "update"});
  EXPECT_EQ(submitted(job("s1")), "TY1301");
  EXPECT_EQ(refusal_in(ask("status", "s1")), "TY1301");
}

} // namespace
} // namespace trainyard::testing
