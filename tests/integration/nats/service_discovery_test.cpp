// What `nats micro` asks and reads, field by field.
#include "nodes/nats/service_discovery.hpp"

#include <regex>

#include <nlohmann/json.hpp>

#include "tests/integration/nats/nats_world.hpp"

namespace trainyard::testing {
namespace {

using json = nlohmann::json;

struct service_discovery_test : nats_world {
  std::shared_ptr<inbox> box = *inbox::open(connect());

  static service_description described() {
    service_description what;
    what.name = "trainyard-coordinator";
    what.version = "0.1.0";
    what.description = "embeds images";
    what.endpoints = {{"submit", "trainyard.api.submit", "coordinators"}, {"list", "trainyard.api.list"}};
    what.metadata = {{"node", "n1"}};
    return what;
  }
  std::unique_ptr<service_discovery> serve(service_description what = described()) {
    auto made = service_discovery::open(connect(), std::move(what));
    EXPECT_TRUE(made) << made.error().cause;
    return std::move(*made);
  }
  result<json> ask(const std::string& subject) {
    request what;
    what.subject = subject;
    what.timeout = 2s;
    return box->call_json(std::move(what));
  }
  json answer(const std::string& subject) {
    const auto got = ask(subject);
    EXPECT_TRUE(got) << subject;
    return got ? *got : json();
  }
};

TEST_F(service_discovery_test, a_ping_is_answered_to_all_to_the_name_and_to_the_id) {
  const auto service = serve();
  const json expected = {{"type", "io.nats.micro.v1.ping_response"},
                         {"name", "trainyard-coordinator"},
                         {"id", service->id()},
                         {"version", "0.1.0"},
                         {"metadata", {{"node", "n1"}}}};
  for (const auto& subject : {std::string("$SRV.PING"), std::string("$SRV.PING.trainyard-coordinator"),
                              "$SRV.PING.trainyard-coordinator." + service->id()})
    EXPECT_EQ(answer(subject), expected) << subject;
}

TEST_F(service_discovery_test, info_lists_the_endpoints) {
  const auto service = serve();
  const auto info = answer("$SRV.INFO.trainyard-coordinator");
  EXPECT_EQ(info["type"], "io.nats.micro.v1.info_response");
  EXPECT_EQ(info["id"], service->id());
  EXPECT_EQ(info["version"], "0.1.0");
  EXPECT_EQ(info["description"], "embeds images");
  EXPECT_EQ(info["metadata"], (json{{"node", "n1"}}));
  ASSERT_EQ(info["endpoints"].size(), 2U);
  EXPECT_EQ(info["endpoints"][0], (json{{"name", "submit"},
                                        {"subject", "trainyard.api.submit"},
                                        {"queue_group", "coordinators"},
                                        {"metadata", json::object()}}));
  EXPECT_EQ(info["endpoints"][1]["queue_group"], "q");
}

TEST_F(service_discovery_test, stats_tell_what_was_counted_in_the_shape_that_clients_parse) {
  auto what = described();
  what.counts = [](const std::string& endpoint) {
    return endpoint == "submit" ? endpoint_counts{4, 1, "no such root", 8ms} : endpoint_counts{};
  };
  const auto service = serve(std::move(what));
  const auto stats = answer("$SRV.STATS");
  EXPECT_EQ(stats["type"], "io.nats.micro.v1.stats_response");
  EXPECT_EQ(stats["metadata"], (json{{"node", "n1"}}));
  EXPECT_TRUE(std::regex_match(stats["started"].get<std::string>(),
                               std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)")))
      << stats["started"];
  EXPECT_EQ(stats["endpoints"][0], (json{{"name", "submit"},
                                         {"subject", "trainyard.api.submit"},
                                         {"queue_group", "coordinators"},
                                         {"num_requests", 4},
                                         {"num_errors", 1},
                                         {"last_error", "no such root"},
                                         {"processing_time", 8'000'000},
                                         {"average_processing_time", 2'000'000},
                                         {"data", nullptr}}));
  EXPECT_EQ(stats["endpoints"][1]["average_processing_time"], 0);
}

TEST_F(service_discovery_test, questions_to_others_are_not_answered) {
  const auto service = serve();
  (void)answer("$SRV.PING");
  for (const auto& subject :
       {std::string("$SRV.PING.trainyard-worker"), std::string("$SRV.PING.trainyard-coordinator.other"),
        std::string("$SRV.OTHER"), "$SRV.PING.trainyard-coordinator." + service->id() + ".x"}) {
    request what;
    what.subject = subject;
    what.timeout = 200ms;
    EXPECT_FALSE(box->call(std::move(what))) << subject;
  }
}

TEST_F(service_discovery_test, every_instance_answers_with_its_own_id) {
  const auto first = serve();
  const auto second = serve();
  std::mutex mutex;
  std::set<std::string> ids;
  const auto reply = box->link()->unique_inbox();
  const auto ear = *box->link()->subscribe(reply, [&](nats_message m) {
    const std::lock_guard lock(mutex);
    ids.insert(json::parse(text_of(m.payload))["id"].get<std::string>());
  });
  EXPECT_TRUE(eventually(10s, [&] {
    EXPECT_TRUE(box->link()->publish("$SRV.PING", {}, reply));
    const std::lock_guard lock(mutex);
    return ids == std::set<std::string>{first->id(), second->id()};
  }));
}

TEST_F(service_discovery_test, after_its_end_nobody_answers) {
  auto service = serve();
  (void)answer("$SRV.PING");
  service.reset();
  EXPECT_TRUE(eventually(10s, [&] { // the server hears of the end in its own time
    const auto got = ask("$SRV.PING");
    return !got && got.error().kind == failure_kind::nats_unreachable;
  }));
}

TEST_F(service_discovery_test, names_that_are_no_tokens_are_refused) {
  auto what = described();
  what.name = "a b";
  EXPECT_FALSE(service_discovery::open(connect(), what));
  what = described();
  what.endpoints[0].name = "";
  EXPECT_FALSE(service_discovery::open(connect(), what));
}

} // namespace
} // namespace trainyard::testing
