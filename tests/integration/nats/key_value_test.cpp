// A bucket: compare and set, what changed, and the server's own idea of it.
#include "nodes/nats/key_value.hpp"

#include <thread>

#include <nlohmann/json.hpp>

#include "tests/integration/nats/hand_server.hpp"
#include "tests/integration/nats/nats_world.hpp"

namespace trainyard::testing {
namespace {

using json = nlohmann::json;

std::vector<std::string> keys_of(const result<std::vector<bucket_entry>>& entries) {
  std::vector<std::string> keys;
  for (const auto& each : entries.value())
    keys.push_back(each.key);
  return keys;
}

struct key_value_test : nats_world {
  std::shared_ptr<inbox> box = *inbox::open(connect());
  key_value bucket = *key_value::open(box, {.name = "b"});

  /// As `nats kv put` and `nats kv del` do it.
  void put_by_hand(const std::string& key, std::string_view value, nats_headers headers = {}) {
    request what;
    what.subject = "$KV.b." + key;
    what.payload = payload_of(value);
    what.headers = std::move(headers);
    ASSERT_TRUE(box->call_json(std::move(what)));
  }
};

TEST_F(key_value_test, a_bucket_is_made_as_nats_kv_knows_it_and_a_second_opening_changes_nothing) {
  const auto config = (*box->call_api("STREAM.INFO.KV_b", json()))["config"];
  EXPECT_EQ(config["subjects"], json({"$KV.b.>"}));
  EXPECT_EQ(config["max_msgs_per_subject"], 1);
  EXPECT_EQ(config["storage"], "file");
  EXPECT_EQ(config["discard"], "new");
  EXPECT_EQ(config["deny_delete"], false);
  EXPECT_EQ(config["allow_rollup_hdrs"], true);
  ASSERT_TRUE(key_value::open(box, {.name = "b"}));
  EXPECT_EQ((*box->call_api("STREAM.INFO.KV_b", json()))["config"], config);
}

TEST_F(key_value_test, a_bucket_of_another_meaning_is_refused_naming_the_field) {
  for (const auto& [field, value] :
       {std::pair<std::string, json>{"max_age", 1'000'000'000}, {"deny_delete", true}}) {
    json config = {
        {"name", "KV_c"}, {"subjects", {"$KV.c.>"}}, {"discard", "new"}, {"max_msgs_per_subject", 1}};
    config[field] = value;
    ASSERT_TRUE(box->call_api("STREAM.CREATE.KV_c", config));
    const auto opened = key_value::open(box, {.name = "c"});
    ASSERT_FALSE(opened) << field;
    EXPECT_NE(opened.error().cause.find(field), std::string::npos) << opened.error().cause;
    ASSERT_TRUE(box->call_api("STREAM.DELETE.KV_c", json()));
  }
}

TEST_F(key_value_test, a_key_is_created_once_and_read_back) {
  const auto made = bucket.create("k", payload_of("one"));
  ASSERT_TRUE(made && *made) << made.error().cause;
  EXPECT_EQ(bucket.create("k", payload_of("two")).value(), std::nullopt);
  const auto there = bucket.get("k").value();
  ASSERT_TRUE(there);
  EXPECT_EQ(text_of(there->value), "one");
  EXPECT_EQ(there->revision, **made);
  EXPECT_EQ(bucket.get("other").value(), std::nullopt);
}

TEST_F(key_value_test, an_update_counts_only_with_the_revision_that_stands) {
  const auto first = bucket.create("k", payload_of("one")).value().value();
  const auto second = bucket.update("k", payload_of("two"), first).value();
  ASSERT_TRUE(second);
  EXPECT_GT(*second, first);
  EXPECT_EQ(bucket.update("k", payload_of("three"), first).value(), std::nullopt);
  EXPECT_EQ(bucket.update("k", payload_of("three"), 0).value(), std::nullopt);
  EXPECT_EQ(bucket.update("new", payload_of("x"), 1).value(), std::nullopt);
  EXPECT_EQ(text_of(bucket.get("k").value()->value), "two");
}

TEST_F(key_value_test, of_eight_who_update_at_once_one_wins) {
  const auto first = bucket.create("k", payload_of("0")).value().value();
  std::atomic<int> won{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back(
        [&, i] { won += bucket.update("k", payload_of(std::to_string(i)), first).value().has_value(); });
  for (auto& each : threads)
    each.join();
  EXPECT_EQ(won, 1);
}

TEST_F(key_value_test, removing_a_revision_frees_the_key_and_spares_a_newer_one) {
  const auto first = bucket.create("k", payload_of("one")).value().value();
  const auto second = bucket.update("k", payload_of("two"), first).value().value();
  EXPECT_TRUE(bucket.remove(first)) << "it is gone already";
  EXPECT_TRUE(bucket.get("k").value());
  EXPECT_TRUE(bucket.remove(second));
  EXPECT_TRUE(bucket.remove(second));
  EXPECT_TRUE(bucket.remove(second + 1'000));
  EXPECT_EQ(bucket.get("k").value(), std::nullopt);
  EXPECT_TRUE(bucket.create("k", payload_of("three")).value());
}

TEST_F(key_value_test, what_an_operator_deletes_is_absent_and_can_be_created_again) {
  for (const char* operation : {"DEL", "PURGE"}) {
    put_by_hand("k", "one");
    EXPECT_EQ(text_of(bucket.get("k").value()->value), "one");
    put_by_hand("k", "", {{"KV-Operation", operation}});
    EXPECT_EQ(bucket.get("k").value(), std::nullopt);
    bucket_cursor fresh;
    EXPECT_TRUE(bucket.changes(fresh).value().empty());
    const auto made = bucket.create("k", payload_of("again")).value();
    ASSERT_TRUE(made) << operation;
    EXPECT_EQ(bucket.create("k", payload_of("twice")).value(), std::nullopt);
  }
}

TEST_F(key_value_test, changes_are_told_once_and_only_the_last_of_each_key) {
  bucket_cursor seen;
  EXPECT_TRUE(bucket.changes(seen).value().empty());
  for (int i = 0; i < 100; ++i)
    ASSERT_TRUE(bucket.create("k" + std::to_string(i), payload_of("x")).value());
  EXPECT_EQ(bucket.changes(seen).value().size(), 100U);
  EXPECT_TRUE(bucket.changes(seen).value().empty());
  const auto one = bucket.get("k7").value()->revision;
  const auto two = bucket.update("k7", payload_of("y"), one).value().value();
  ASSERT_TRUE(bucket.update("k7", payload_of("z"), two).value());
  ASSERT_TRUE(bucket.create("late", payload_of("x")).value());
  EXPECT_EQ(keys_of(bucket.changes(seen)), (std::vector<std::string>{"k7", "late"}));
  ASSERT_TRUE(bucket.remove(bucket.get("late").value()->revision));
  EXPECT_TRUE(bucket.changes(seen).value().empty()) << "deletions are not told";
  bucket_cursor fresh;
  EXPECT_EQ(bucket.changes(fresh).value().size(), 100U);
}

TEST_F(key_value_test, values_of_any_bytes_come_back_whole) {
  std::vector<std::byte> value;
  for (int i = 0; i < 100'000; ++i)
    value.push_back(static_cast<std::byte>(i * 7));
  ASSERT_TRUE(bucket.create("large", value).value());
  ASSERT_TRUE(bucket.create("empty", {}).value());
  EXPECT_EQ(bucket.get("large").value()->value, value);
  EXPECT_TRUE(bucket.get("empty").value()->value.empty());
}

TEST_F(key_value_test, keys_that_are_no_tokens_are_refused) {
  ASSERT_TRUE(bucket.create("k", payload_of("x")).value());
  for (const std::string bad : {"", ">", "*", "a.b", "a b"}) {
    EXPECT_EQ(bucket.get(bad).error().kind, failure_kind::message_invalid) << bad;
    EXPECT_EQ(bucket.create(bad, {}).error().kind, failure_kind::message_invalid) << bad;
    EXPECT_EQ(bucket.update(bad, {}, 1).error().kind, failure_kind::message_invalid) << bad;
    EXPECT_FALSE(key_value::open(box, {.name = bad})) << bad;
  }
}

TEST_F(key_value_test, a_value_outlives_its_age_by_less_than_a_second) {
  auto brief = *key_value::open(box, {.name = "brief", .max_age = 1s});
  ASSERT_TRUE(brief.create("k", payload_of("x")).value());
  const auto began = std::chrono::steady_clock::now();
  EXPECT_TRUE(eventually(10s, [&] { return brief.create("k", payload_of("y")).value().has_value(); }));
  const auto took = std::chrono::steady_clock::now() - began;
  EXPECT_GT(took, 800ms);
  EXPECT_LT(took, 2s);
}

TEST_F(key_value_test, a_bucket_that_was_deleted_is_made_again_by_any_call) {
  bucket_cursor seen;
  for (int call = 0; call < 3; ++call) {
    ASSERT_TRUE(box->call_api("STREAM.DELETE.KV_b", json()));
    if (call == 0)
      EXPECT_TRUE(bucket.create("k", payload_of("x")).value());
    else if (call == 1)
      EXPECT_EQ(bucket.get("k").value(), std::nullopt);
    else
      EXPECT_TRUE(bucket.changes(seen).value().empty());
    EXPECT_TRUE(box->call_api("STREAM.INFO.KV_b", json()));
  }
}

TEST(key_value, changes_start_over_after_the_store_was_lost_and_after_a_restart) {
  hand_server server;
  const auto box = *inbox::open(*connection::open(server.login()));
  auto bucket = *key_value::open(box, {.name = "b"});
  bucket_cursor seen;
  for (const char* key : {"a", "b", "c"})
    ASSERT_TRUE(bucket.create(key, payload_of("x")).value());
  ASSERT_EQ(bucket.changes(seen).value().size(), 3U);
  server.kill();
  EXPECT_EQ(bucket.changes(seen).error().kind, failure_kind::nats_unreachable);
  server.start();
  result<std::vector<bucket_entry>> again;
  ASSERT_TRUE(eventually(20s, [&] { return (again = bucket.changes(seen)).has_value(); }));
  EXPECT_EQ(again->size(), 3U);
  server.kill();
  server.lose_store();
  server.start();
  ASSERT_TRUE(eventually(20s, [&] { return bucket.create("d", payload_of("x")).has_value(); }));
  EXPECT_EQ(keys_of(bucket.changes(seen)), std::vector<std::string>{"d"});
  EXPECT_TRUE(bucket.changes(seen).value().empty());
}

} // namespace
} // namespace trainyard::testing
