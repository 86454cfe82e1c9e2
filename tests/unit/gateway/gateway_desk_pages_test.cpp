// Pages that the desk puts together from several answers of the cluster.
#include <algorithm>
#include <map>
#include <span>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "messages/json_codec.hpp"
#include "nodes/gateway/fleet_health.hpp"
#include "nodes/gateway/gateway_desk.hpp"
#include "tests/unit/gateway/no_embeddings.hpp"

namespace trainyard {
namespace {

using ::testing::ElementsAre;
using json = nlohmann::json;

struct cluster_by_verb : cluster_port {
  std::vector<std::string> asked; ///< "VERB SESSION"
  std::map<std::string, result<std::string>> answers;
  std::vector<session_status> sessions; ///< the newest first
  /// As a coordinator does it, but for states, and with pages of two sessions.
  [[nodiscard]] std::string page_of_sessions(const std::string& payload) const {
    const auto wanted = from_json_text<list_request>(std::as_bytes(std::span(payload))).value();
    session_list page;
    page.total = sessions.size();
    for (auto at = wanted.offset; at < std::min<std::uint64_t>(wanted.offset + 2, sessions.size()); ++at)
      page.sessions.push_back(sessions[at]);
    return to_json_text(page);
  }
  void ask(cluster_question question, cluster_answer done) override {
    asked.push_back(question.verb + " " + question.session);
    if (question.verb == "list" && !sessions.empty())
      return done(page_of_sessions(question.payload));
    const auto known = answers.find(asked.back());
    done(known != answers.end()
             ? known->second
             : fail(failure_kind::nats_unreachable, "no coordinator answers", "start one"));
  }
};

struct gateway_desk_pages_test : ::testing::Test {
  cluster_by_verb cluster;
  testing::no_embeddings workers;
  fleet_board board;
  gateway_desk desk{{"9.9.9", {}},
                    logins("", [] { return "a-cookie"; }),
                    {cluster, workers, board, [] { return true; }, [] { return http_figures{}; }}};

  http_answer get(const std::string& target) {
    std::optional<http_answer> got;
    desk.serve({"GET", target, {{"Host", "localhost:8000"}}, "", "127.0.0.1"},
               [&](http_answer answer) { got = std::move(answer); });
    EXPECT_TRUE(got);
    return got.value_or(http_answer{});
  }
  void list_sessions(std::vector<std::pair<std::string, std::uint64_t>> failed) {
    for (const auto& [id, count] : failed) {
      session_status each;
      each.session_id = id;
      each.state = "completed";
      each.failed = count;
      cluster.sessions.push_back(std::move(each));
    }
    cluster.answers.insert_or_assign("list ", to_json_text(session_list{})); // of none at all
  }
  void tell_failures(const std::string& session, std::vector<std::string> assets) {
    failure_page page;
    page.session_id = session;
    for (auto& each : assets)
      page.failures.push_back({std::move(each), "decode", "TY2101", "no picture", 1});
    cluster.answers.insert_or_assign("failures " + session, to_json_text(page));
  }
};

TEST_F(gateway_desk_pages_test, dead_letters_come_from_every_session_that_has_some) {
  list_sessions({{"s3", 2}, {"s2", 0}, {"s1", 1}});
  tell_failures("s1", {"old.jpg"});
  tell_failures("s3", {"a.jpg", "b.jpg"});
  const auto page = json::parse(get("/api/v1/failures").body);
  EXPECT_EQ(page["total"], 3);
  ASSERT_EQ(page["failures"].size(), 3U);
  EXPECT_EQ(page["failures"][0]["asset"], "a.jpg");
  EXPECT_EQ(page["failures"][2]["session_id"], "s1");
  EXPECT_TRUE(page["next_offset"].is_null());
  EXPECT_THAT(cluster.asked, ElementsAre("list ", "list ", "failures s3", "failures s1"));
}

TEST_F(gateway_desk_pages_test, a_session_that_cannot_be_read_hides_no_other) {
  list_sessions({{"s2", 1}, {"s1", 1}});
  tell_failures("s1", {"old.jpg"});
  const auto page = json::parse(get("/api/v1/failures").body);
  EXPECT_EQ(page["unreadable"], json::array({"s2"}));
  EXPECT_EQ(page["failures"].size(), 1U);
}

TEST_F(gateway_desk_pages_test, dead_letters_without_a_coordinator_are_a_problem) {
  EXPECT_EQ(get("/api/v1/failures").status, 503);
  EXPECT_EQ(get("/api/v1/failures?limit=201").status, 400);
}

TEST_F(gateway_desk_pages_test, health_is_told_also_where_nobody_answers) {
  const auto answer = get("/api/v1/health");
  EXPECT_EQ(answer.status, 200);
  const auto page = json::parse(answer.body);
  EXPECT_EQ(page["ok"], false);
  EXPECT_EQ(page["checks"][0]["check"], "coordinators");
  EXPECT_TRUE(page["streams"].empty());
}

TEST_F(gateway_desk_pages_test, health_holds_what_waits_in_the_streams) {
  list_sessions({});
  stream_list streams;
  streams.streams.push_back({"TRAINYARD_WORK", 12, 3400, 0, 1});
  cluster.answers.insert_or_assign("streams ", to_json_text(streams));
  const auto page = json::parse(get("/api/v1/health").body);
  EXPECT_EQ(page["ok"], true);
  EXPECT_EQ(page["streams"][0]["messages"], 12);
}

} // namespace
} // namespace trainyard
