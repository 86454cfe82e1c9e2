// A worker that makes nothing itself lives on what a coordinator makes.
#include <nlohmann/json.hpp>

#include "tests/integration/nats/nats_world.hpp"

namespace trainyard::testing {
namespace {

struct administer : nats_world {
  /// As a login would be that may only pull.
  std::unique_ptr<nats_worker_link> bare_worker() const {
    auto with = options;
    with.may_administer = false;
    auto link = nats_worker_link::open(connect(), with);
    EXPECT_TRUE(link) << link.error().cause;
    return std::move(*link);
  }
  [[nodiscard]] bool exists(const std::string& what) const {
    const auto box = *inbox::open(connect());
    return box->call_api(what, nlohmann::json()).has_value();
  }
};

TEST_F(administer, a_worker_that_may_not_makes_neither_streams_nor_queues) {
  const auto hand = bare_worker();
  collector got;
  ASSERT_TRUE(hand->open_work("pool", got.sink()));
  hand->add_credit(1);
  EXPECT_FALSE(exists("STREAM.INFO.TRAINYARD_WORK"));
}

TEST_F(administer, its_queues_of_every_priority_are_made_when_a_coordinator_sends_work_there) {
  const auto boss = coordinator();
  EXPECT_FALSE(exists("CONSUMER.INFO.TRAINYARD_WORK.pool_1"));
  EXPECT_EQ(publish_and_wait(*boss, {.pool = "pool", .priority = 1, .session = "s", .batch = 1}),
            publish_outcome::stored);
  for (const std::string priority : {"0", "1", "2"})
    EXPECT_TRUE(eventually(10s, [&] { return exists("CONSUMER.INFO.TRAINYARD_WORK.pool_" + priority); }));
}

TEST_F(administer, it_gets_work_though_it_was_there_first) {
  const auto hand = bare_worker();
  collector got;
  ASSERT_TRUE(hand->open_work("pool", got.sink()));
  hand->add_credit(1);
  const auto boss = coordinator();
  EXPECT_EQ(publish_and_wait(*boss, {.pool = "pool", .priority = 0, .session = "s", .batch = 7}),
            publish_outcome::stored);
  ASSERT_TRUE(got.reaches(1, 20s));
  EXPECT_EQ(batch_of(got.at(0).subject), 7U);
  EXPECT_TRUE(ack_and_wait(*hand, got.at(0).ack_subject));
}

} // namespace
} // namespace trainyard::testing
