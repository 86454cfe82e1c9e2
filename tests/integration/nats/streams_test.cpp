// Streams and consumers: made once, checked ever after.
#include "nodes/nats/streams.hpp"

#include <thread>

#include <nlohmann/json.hpp>

#include "nodes/nats/stream_making.hpp"
#include "tests/integration/nats/nats_world.hpp"

namespace trainyard::testing {
namespace {

using json = nlohmann::json;

struct streams_test : nats_world {
  std::shared_ptr<inbox> box = *inbox::open(connect());
  subjects names;

  json config_of(const std::string& stream) {
    return (*box->call_api("STREAM.INFO." + stream, json()))["config"];
  }
};

TEST_F(streams_test, are_made_as_designed_and_making_them_again_changes_nothing) {
  const stream_options wanted;
  ASSERT_TRUE(ensure_streams(*box, names, wanted));
  const auto work = config_of("TRAINYARD_WORK");
  EXPECT_EQ(work["subjects"], json({"trainyard.work.>"}));
  EXPECT_EQ(work["retention"], "workqueue");
  EXPECT_EQ(work["storage"], "file");
  EXPECT_EQ(work["discard"], "new");
  EXPECT_EQ(work["max_msgs_per_subject"], 1);
  EXPECT_EQ(work["discard_new_per_subject"], true);
  EXPECT_EQ(config_of("TRAINYARD_RESULTS")["subjects"], json({"trainyard.results.>"}));
  ASSERT_TRUE(ensure_streams(*box, names, wanted));
  EXPECT_EQ(config_of("TRAINYARD_WORK"), work);
}

TEST_F(streams_test, other_limits_are_the_operators_business) {
  stream_options small;
  small.work_max_bytes = 1LL << 20;
  ASSERT_TRUE(ensure_streams(*box, names, small));
  EXPECT_TRUE(ensure_streams(*box, names, {}));
  EXPECT_EQ(config_of("TRAINYARD_WORK")["max_bytes"], 1LL << 20);
}

TEST_F(streams_test, a_stream_of_another_meaning_is_refused_naming_the_field) {
  const std::vector<std::pair<std::string, json>> wrong = {{"retention", "limits"},
                                                           {"storage", "memory"},
                                                           {"max_age", 3'600'000'000'000},
                                                           {"discard", "old"},
                                                           {"subjects", {"trainyard.work.*"}}};
  for (const auto& [field, value] : wrong) {
    json config = {{"name", "TRAINYARD_WORK"}, {"subjects", {"trainyard.work.>"}},
                   {"retention", "workqueue"}, {"storage", "file"},
                   {"discard", "new"},         {"max_msgs_per_subject", 1}};
    config["discard_new_per_subject"] = field != "discard"; // the server refuses it with discard old
    config[field] = value;
    ASSERT_TRUE(box->call_api("STREAM.CREATE.TRAINYARD_WORK", config)) << field;
    const auto checked = ensure_streams(*box, names, {});
    ASSERT_FALSE(checked) << field;
    EXPECT_EQ(checked.error().kind, failure_kind::nats_protocol);
    EXPECT_NE(checked.error().cause.find(field), std::string::npos) << checked.error().cause;
    EXPECT_FALSE(checked.error().remedy.empty());
    ASSERT_TRUE(box->call_api("STREAM.DELETE.TRAINYARD_WORK", json()));
  }
}

TEST_F(streams_test, a_stream_that_takes_our_subjects_is_a_failure_with_its_text) {
  ASSERT_TRUE(box->call_api("STREAM.CREATE.OTHER", json{{"name", "OTHER"}, {"subjects", {"trainyard.>"}}}));
  const auto made = ensure_streams(*box, names, {});
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().cause.find("overlap"), std::string::npos) << made.error().cause;
}

TEST_F(streams_test, more_storage_than_the_server_has_is_halved_until_it_fits) {
  stream_options large;
  large.work_max_bytes = 1LL << 40;
  large.results_max_bytes = 1LL << 40;
  ASSERT_TRUE(ensure_streams(*box, names, large));
  EXPECT_LT(config_of("TRAINYARD_WORK")["max_bytes"], 16LL << 30);
  EXPECT_GE(config_of("TRAINYARD_RESULTS")["max_bytes"], 8LL << 20);
}

TEST_F(streams_test, room_that_another_ones_probe_holds_for_a_moment_is_waited_for) {
  std::vector<std::string> hogs; // to the last byte
  for (std::int64_t bytes = 1LL << 42; bytes > 0; bytes /= 2) {
    const auto name = "HOG" + std::to_string(hogs.size());
    const json hog{{"name", name}, {"subjects", {name}}, {"storage", "file"}, {"max_bytes", bytes}};
    if (box->call_api("STREAM.CREATE." + name, hog))
      hogs.push_back(name);
  }
  ASSERT_FALSE(hogs.empty());
  const json wanted{{"name", "WANTED"}, {"subjects", {"wanted"}}, {"storage", "file"}, {"max_bytes", -1}};
  const auto helper = *inbox::open(connect());
  // The server has refused the request before it takes up what its sight leads to.
  auto seen = helper->link()->subscribe("$JS.API.STREAM.CREATE.WANTED", [&](const nats_message&) {
    request release;
    release.subject = "$JS.API.STREAM.DELETE." + hogs.front();
    helper->ask(std::move(release), [](const result<nats_message>&) {});
  });
  ASSERT_TRUE(seen);
  ASSERT_TRUE(helper->link()->flush(std::chrono::seconds(5)));
  const auto made = ensure_stream(*box, wanted);
  EXPECT_TRUE(made) << made.error().cause;
}

TEST_F(streams_test, eight_at_once_all_succeed) {
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      const auto mine = *inbox::open(connect());
      auto made = ensure_streams(*mine, names, {});
      if (made)
        made = ensure_work_consumer(*mine, names, "pool", 1, {});
      EXPECT_TRUE(made) << made.error().cause;
      good += made.has_value();
    });
  for (auto& each : threads)
    each.join();
  EXPECT_EQ(good, 8);
}

TEST_F(streams_test, work_consumers_are_as_designed_and_bad_pools_are_refused) {
  ASSERT_TRUE(ensure_streams(*box, names, {}));
  ASSERT_TRUE(ensure_work_consumer(*box, names, "vit_fp32", 2, {}));
  ASSERT_TRUE(ensure_work_consumer(*box, names, "vit_fp32", 2, {}));
  const auto config = (*box->call_api("CONSUMER.INFO.TRAINYARD_WORK.vit_fp32_2", json()))["config"];
  EXPECT_EQ(config["filter_subject"], "trainyard.work.vit_fp32.2.>");
  EXPECT_EQ(config["ack_wait"], 30'000'000'000);
  EXPECT_EQ(config["max_deliver"], -1);
  EXPECT_EQ(config["ack_policy"], "explicit");
  for (const std::string bad : {"", "a.b", ">", "a b"})
    EXPECT_FALSE(ensure_work_consumer(*box, names, bad, 1, {})) << bad;
}

TEST_F(streams_test, two_prefixes_share_a_server) {
  const subjects other("team-b");
  stream_options small;
  small.work_max_bytes = small.results_max_bytes = 32LL << 20;
  ASSERT_TRUE(ensure_streams(*box, names, small));
  EXPECT_TRUE(ensure_streams(*box, other, small));
  EXPECT_EQ(config_of("TEAM-B_WORK")["subjects"], json({"team-b.work.>"}));
}

TEST_F(streams_test, a_server_without_jetstream_is_named_with_the_remedy) {
  auto with = login();
  with.api_prefix = "$JS.nowhere.API";
  const auto made = nats_worker_link::open(*connection::open(with), options);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, failure_kind::nats_unreachable);
  EXPECT_NE(made.error().remedy.find("JetStream"), std::string::npos);
}

TEST_F(streams_test, a_hundred_and_fifty_sessions_open_and_are_taken_over) {
  const auto old = coordinator();
  const auto fresh = coordinator();
  for (const auto& [owner, epoch] : {std::pair{old.get(), 1U}, {fresh.get(), 2U}})
    for (int i = 0; i < 150; ++i) {
      const auto opened = owner->open_results("s" + std::to_string(i), epoch, 1, [](delivery) {});
      ASSERT_TRUE(opened) << i << " epoch " << epoch << ": " << opened.error().cause;
    }
}

} // namespace
} // namespace trainyard::testing
