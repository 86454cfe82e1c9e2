// Sessions that coordinators share, and leases that one of them holds.
#include "nodes/nats/nats_session_registry.hpp"

#include <thread>

#include <nlohmann/json.hpp>

#include "messages/json_codec.hpp"
#include "tests/integration/nats/made_records.hpp"
#include "tests/integration/nats/nats_world.hpp"

namespace trainyard::testing {
namespace {

using json = nlohmann::json;

struct session_registry_test : nats_world {
  std::vector<std::string> troubles;

  std::unique_ptr<nats_session_registry> registry() {
    session_registry_options with;
    with.on_trouble = [this](const failure& why) { troubles.push_back(why.cause); };
    auto made = nats_session_registry::open(connect(), with);
    EXPECT_TRUE(made) << made.error().cause;
    return std::move(*made);
  }
};

TEST_F(session_registry_test, a_session_is_created_once_and_found_by_everyone) {
  const auto ours = registry();
  const auto theirs = registry();
  const auto made = ours->create(record_of("s1")).value();
  ASSERT_TRUE(made);
  EXPECT_EQ(theirs->create(record_of("s1")).value(), std::nullopt);
  const auto found = theirs->find("s1").value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->revision, *made);
  EXPECT_EQ(found->record.spec, record_of("s1").spec);
  EXPECT_EQ(found->record.wanted, "running");
  EXPECT_EQ(found->record.status.devices, record_of("s1").status.devices);
  EXPECT_TRUE(found->record.status.report);
  EXPECT_EQ(theirs->find("s2").value(), std::nullopt);
}

TEST_F(session_registry_test, of_two_who_change_a_session_at_once_the_second_is_told) {
  const auto ours = registry();
  const auto theirs = registry();
  const auto made = ours->create(record_of("s1")).value().value();
  const auto changed = theirs->update(record_of("s1", "running"), made).value();
  ASSERT_TRUE(changed);
  EXPECT_EQ(ours->update(record_of("s1", "failed"), made).value(), std::nullopt);
  EXPECT_EQ(ours->find("s1").value()->record.status.state, "running");
  EXPECT_TRUE(ours->update(record_of("s1", "completed"), *changed).value());
}

TEST_F(session_registry_test, changes_are_all_at_first_and_then_only_the_new_ones) {
  const auto ours = registry();
  const auto theirs = registry();
  const auto s1 = ours->create(record_of("s1")).value().value();
  ASSERT_TRUE(ours->create(record_of("s2")).value());
  EXPECT_EQ(ids_of(theirs->changes()), (std::vector<std::string>{"s1", "s2"}));
  EXPECT_TRUE(theirs->changes().value().empty());
  const auto s1_next = ours->update(record_of("s1", "running"), s1).value().value();
  ASSERT_TRUE(ours->create(record_of("s3")).value());
  const auto changed = theirs->changes().value();
  ASSERT_EQ(changed.size(), 2U);
  EXPECT_EQ(changed[0].record.status.state, "running");
  EXPECT_EQ(changed[0].revision, s1_next);
  EXPECT_EQ(changed[1].record.status.session_id, "s3");
  EXPECT_TRUE(theirs->changes().value().empty());
  EXPECT_EQ(ours->changes().value().size(), 3U) << "our own changes count as well";
}

TEST_F(session_registry_test, records_that_cannot_be_read_are_told_and_skipped) {
  const auto ours = registry();
  const auto box = *inbox::open(connect());
  for (const auto& [key, text] : {std::pair{"bad1", std::string("nonsense")},
                                  {"bad2", std::string(R"({"schema":1})")},
                                  {"bad3", to_json_text(record_of("s9"))}}) {
    request what;
    what.subject = std::string("$KV.trainyard_sessions.") + key;
    what.payload = payload_of(text);
    ASSERT_TRUE(box->call_json(std::move(what)));
  }
  ASSERT_TRUE(ours->create(record_of("s1")).value());
  EXPECT_EQ(ids_of(ours->changes()), std::vector<std::string>{"s1"});
  ASSERT_EQ(troubles.size(), 3U);
  EXPECT_NE(troubles[0].find("bad1"), std::string::npos) << troubles[0];
  EXPECT_EQ(ours->find("bad2").error().kind, failure_kind::message_invalid);
  EXPECT_TRUE(ours->changes().value().empty());
  EXPECT_EQ(troubles.size(), 3U) << "told once";
}

TEST_F(session_registry_test, operators_read_a_record_as_json_where_nats_kv_looks) {
  const auto ours = registry();
  ASSERT_TRUE(ours->create(record_of("s1")).value());
  const auto box = *inbox::open(connect());
  const auto got = box->call_api("STREAM.MSG.GET.KV_trainyard_sessions",
                                 json{{"last_by_subj", "$KV.trainyard_sessions.s1"}});
  ASSERT_TRUE(got);
  const auto value = from_base64((*got)["message"]["data"].get<std::string>()).value();
  EXPECT_EQ(json::parse(text_of(value))["status"]["session_id"], "s1");
}

TEST_F(session_registry_test, a_lease_is_taken_by_one_only) {
  constexpr int coordinators = 6;
  std::vector<std::unique_ptr<nats_session_registry>> all;
  for (int i = 0; i < coordinators; ++i)
    all.push_back(registry());
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < coordinators; ++i)
    threads.emplace_back([&, i] { taken += all[i]->take_lease("s1", "owner" + std::to_string(i)).value(); });
  for (auto& each : threads)
    each.join();
  EXPECT_EQ(taken, 1);
}

TEST_F(session_registry_test, a_lease_that_is_not_renewed_goes_to_another_after_five_seconds) {
  const auto ours = registry();
  const auto theirs = registry();
  ASSERT_TRUE(ours->take_lease("s1", "us").value());
  const auto began = std::chrono::steady_clock::now();
  ASSERT_TRUE(eventually(15s, [&] { return theirs->take_lease("s1", "them").value(); }));
  const auto took = std::chrono::steady_clock::now() - began;
  EXPECT_GT(took, 4'500ms);
  EXPECT_LT(took, 7s);
  EXPECT_FALSE(ours->renew_lease("s1", "us").value());
  ours->release_lease("s1", "us");
  EXPECT_TRUE(theirs->renew_lease("s1", "them").value()) << "it is not ours to release";
}

TEST_F(session_registry_test, a_lease_that_is_renewed_holds) {
  const auto ours = registry();
  const auto theirs = registry();
  ASSERT_TRUE(ours->take_lease("s1", "us").value());
  bool held = true, stolen = false;
  auto renewed = std::chrono::steady_clock::now();
  EXPECT_FALSE(eventually(8s, [&] {
    if (std::chrono::steady_clock::now() - renewed > 1s) {
      held = held && ours->renew_lease("s1", "us").value();
      renewed = std::chrono::steady_clock::now();
    }
    stolen = theirs->take_lease("s1", "them").value();
    return stolen || !held;
  }));
  EXPECT_TRUE(held);
  EXPECT_FALSE(stolen);
}

TEST_F(session_registry_test, a_released_lease_is_free_at_once) {
  const auto ours = registry();
  const auto theirs = registry();
  ASSERT_TRUE(ours->take_lease("s1", "us").value());
  ASSERT_FALSE(theirs->take_lease("s1", "them").value());
  ASSERT_TRUE(ours->renew_lease("s1", "us").value());
  ours->release_lease("s1", "us");
  EXPECT_TRUE(theirs->take_lease("s1", "them").value());
  EXPECT_FALSE(ours->renew_lease("s1", "us").value());
}

TEST_F(session_registry_test, a_lost_reply_costs_no_lease) {
  const auto ours = registry();
  const auto same = registry(); // writes what ours wrote but heard no reply of
  const auto theirs = registry();
  ASSERT_TRUE(ours->take_lease("s1", "us").value());
  ASSERT_TRUE(same->renew_lease("s1", "us").value()) << "never taken by it, yet the owner's";
  EXPECT_TRUE(ours->renew_lease("s1", "us").value());
  EXPECT_TRUE(ours->renew_lease("s1", "us").value());
  EXPECT_TRUE(same->take_lease("s1", "us").value());
  EXPECT_FALSE(theirs->take_lease("s1", "them").value());
  ours->release_lease("s1", "us");
  EXPECT_TRUE(theirs->take_lease("s1", "them").value()) << "released though its revision was not known";
}

TEST_F(session_registry_test, ids_that_are_no_tokens_are_refused) {
  const auto ours = registry();
  for (const std::string bad : {"", ">", "a.b", "a b"}) {
    EXPECT_EQ(ours->create(record_of(bad)).error().kind, failure_kind::message_invalid) << bad;
    EXPECT_EQ(ours->find(bad).error().kind, failure_kind::message_invalid) << bad;
    EXPECT_EQ(ours->take_lease(bad, "us").error().kind, failure_kind::message_invalid) << bad;
    ours->release_lease(bad, "us");
  }
}

} // namespace
} // namespace trainyard::testing
