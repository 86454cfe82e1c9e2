// Devices load, work, die and come back; their memory is gone before a successor loads; the last one's end is
// told.
#include "actors/device/device_supervisor.hpp"

#include <future>

#include <gtest/gtest.h>

#include "tests/support/actor_bench.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/mock_model.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;
using testing::eventually;

struct told {
  std::mutex mutex;
  std::vector<std::string> events;
  actor supervisor;
  void add(std::string event) {
    const std::lock_guard lock(mutex);
    events.push_back(std::move(event));
  }
  std::size_t count(const std::string& event) {
    const std::lock_guard lock(mutex);
    return static_cast<std::size_t>(std::ranges::count(events, event));
  }
};

/// Stands for the fetcher.
class listener {
public:
  static constexpr const char* name = "listener";
  listener(caf::event_based_actor&, std::shared_ptr<told> heard) : heard_(std::move(heard)) {}
  caf::message_handler handlers() {
    return caf::message_handler{
        [this](const device_ready& up) { heard_->add("ready " + std::to_string(up.device)); },
        [this](const device_lost& down) {
          heard_->add("lost " + std::to_string(down.device));
          if (!down.suspects_work)
            heard_->add("unsuspected " + std::to_string(down.device));
        },
        [this](const batch_embedded& done) { heard_->add("embedded " + std::to_string(done.ticket)); },
    };
  }

private:
  std::shared_ptr<told> heard_;
};

struct supervisor_bench : ::testing::Test {
  testing::actor_bench actors;
  std::shared_ptr<told> heard = std::make_shared<told>();
  std::shared_ptr<testing::mock_script> script = std::make_shared<testing::mock_script>();
  std::atomic<int> loads = 0;
  std::atomic<int> most_live = 0;
  std::atomic<int> refuse_loads = 0;
  std::atomic<int> loads_without_memory = 0;
  std::atomic<int> loads_while_resetting = 0;
  std::shared_ptr<query_queue> queries = std::make_shared<query_queue>();
  bool recovers = true;
  actor fetcher;
  actor supervisor;

  void start(std::uint32_t devices) {
    fetcher = spawn_scheduled<listener>(actors.system(), heard);
    std::vector<device_config> configs;
    for (std::uint32_t number = 0; number < devices; ++number) {
      device_config config;
      config.number = number;
      config.embedder.recovers = recovers;
      config.node = "node";
      config.queries = queries;
      config.load = [this]() -> result<std::unique_ptr<embedding_model>> {
        ++loads;
        if (loads_while_resetting > 0) {
          --loads_while_resetting;
          return fail(failure_kind::device_unavailable, "the driver is being reset");
        }
        if (loads_without_memory > 0) {
          --loads_without_memory;
          return fail(failure_kind::device_out_of_memory, "no room for the weights");
        }
        if (refuse_loads > 0)
          return fail(failure_kind::model_invalid, "no such tensor");
        auto model = std::make_unique<testing::mock_model>(script);
        most_live = std::max(most_live.load(), script->live.load());
        return model;
      };
      configs.push_back(std::move(config));
    }
    supervisor = spawn_scheduled<device_supervisor>(
        actors.system(), std::move(configs), fetcher,
        [heard = heard](const failure& why) { heard->add("failed " + why.cause); },
        supervision{.quarantine = restart_policy(2, 10ms, 10ms)});
  }
  void TearDown() override {
    tell(supervisor, stop_devices{});
    actors.wait(supervisor);
    actors.end(fetcher);
    EXPECT_EQ(script->live, 0) << "a model outlived its supervisor";
  }
  void order(std::uint64_t number, std::uint32_t device, const std::string& path) {
    work_batch work;
    work.session = "s";
    work.dtype = "fp32";
    work.assets = {{path, 1, 1}, {path + "2", 1, 1}};
    prepared_batch batch;
    const auto side = testing::mock_model::mock_identity().image.crop;
    for (std::uint32_t i = 0; i < 2; ++i) {
      prepared_image image;
      image.path = work.assets[i].path;
      image.pixels.assign(std::size_t{side} * side * 3, 0);
      batch.images.push_back(std::move(image));
      batch.positions.push_back(i);
    }
    batch.work = std::make_shared<const work_batch>(std::move(work));
    tell(supervisor, embed_batch{number, device, std::make_shared<const prepared_batch>(std::move(batch))});
  }
};

TEST_F(supervisor_bench, every_device_loads_its_own_model_and_works) {
  start(2);
  ASSERT_TRUE(eventually(5s, [&] { return heard->count("ready 0") == 1 && heard->count("ready 1") == 1; }));
  order(7, 0, "a");
  order(8, 1, "b");
  EXPECT_TRUE(
      eventually(5s, [&] { return heard->count("embedded 7") == 1 && heard->count("embedded 8") == 1; }));
  EXPECT_EQ(loads, 2);
}

TEST_F(supervisor_bench, single_images_wake_devices_and_batches_have_their_turn_between_them) {
  const auto image = [] {
    prepared_image one;
    const auto side = testing::mock_model::mock_identity().image.crop;
    one.pixels.assign(std::size_t{side} * side * 3, 1);
    return one;
  };
  start(1);
  ASSERT_TRUE(eventually(5s, [&] { return heard->count("ready 0") == 1; }));
  queries->set_wake([to = supervisor] { tell(to, queries_wait{}); });
  EXPECT_TRUE(queries->ask(image(), 30s));
  // More than one pass can take are always there: each pass asks for the next ones.
  std::atomic<bool> stop = false;
  script->work_per_image = std::chrono::milliseconds(2);
  std::vector<std::future<void>> askers;
  for (std::size_t i = 0; i < 2 * batch_embedder::queries_per_pass; ++i)
    askers.push_back(std::async(std::launch::async, [&] {
      while (!stop)
        (void)queries->ask(image(), 30s);
    }));
  order(7, 0, "a");
  EXPECT_TRUE(eventually(20s, [&] { return heard->count("embedded 7") == 1; }));
  stop = true;
  for (auto& each : askers)
    each.get();
  queries->close();
}

TEST_F(supervisor_bench, a_device_that_throws_is_reported_lost_and_comes_back) {
  script->throwing_calls = {1};
  start(1);
  ASSERT_TRUE(eventually(5s, [&] { return heard->count("ready 0") == 1; }));
  order(1, 0, "a");
  ASSERT_TRUE(eventually(5s, [&] { return heard->count("lost 0") == 1; }));
  ASSERT_TRUE(eventually(5s, [&] { return heard->count("ready 0") == 2; }));
  order(2, 0, "a");
  EXPECT_TRUE(eventually(5s, [&] { return heard->count("embedded 2") == 1; }));
  EXPECT_EQ(most_live, 1) << "the successor loaded while its predecessor's model was still there";
}

TEST_F(supervisor_bench, a_device_on_which_every_image_fails_is_restarted) {
  script->failing_paths = {"", "a", "a2"};
  start(1);
  ASSERT_TRUE(eventually(5s, [&] { return heard->count("ready 0") == 1; }));
  order(1, 0, "a");
  EXPECT_TRUE(eventually(5s, [&] { return heard->count("lost 0") == 1 && heard->count("ready 0") == 2; }));
}

TEST_F(supervisor_bench, a_model_that_cannot_be_loaded_fails_the_worker_with_its_reason_and_is_not_retried) {
  refuse_loads = 1;
  start(1);
  EXPECT_TRUE(eventually(5s, [&] { return heard->count("failed no such tensor") == 1; }));
  EXPECT_EQ(loads, 1);
}

TEST_F(supervisor_bench, a_device_without_memory_is_quarantined_returns_and_its_work_is_not_suspected) {
  script->fits_images = 0;
  start(1);
  ASSERT_TRUE(eventually(5s, [&] { return heard->count("ready 0") == 1; }));
  order(1, 0, "a");
  ASSERT_TRUE(eventually(5s, [&] { return heard->count("ready 0") == 2; }));
  EXPECT_EQ(heard->count("unsuspected 0"), 1U);
  script->fits_images = SIZE_MAX; // the device waits for orders now
  order(1, 0, "a");
  EXPECT_TRUE(eventually(5s, [&] { return heard->count("embedded 1") == 1; }));
}

TEST_F(supervisor_bench, a_model_that_finds_no_room_is_collected_for_and_loaded_again_at_once) {
  loads_without_memory = 1;
  start(1);
  EXPECT_TRUE(eventually(5s, [&] { return heard->count("ready 0") == 1; }));
  EXPECT_EQ(heard->count("lost 0"), 0U);
}

TEST_F(supervisor_bench, a_model_that_finds_no_room_for_long_waits_in_quarantine_and_then_loads) {
  loads_without_memory = 3; // two at the start, one after the first quarantine, whose second try succeeds
  start(1);
  EXPECT_TRUE(eventually(5s, [&] { return heard->count("ready 0") == 1; }));
  EXPECT_EQ(heard->count("unsuspected 0"), 1U);
}

TEST_F(supervisor_bench, a_device_that_never_finds_room_is_given_up_after_its_quarantines) {
  loads_without_memory = 1'000;
  start(1);
  EXPECT_TRUE(eventually(5s, [&] { return heard->count("failed no room for the weights") == 1; }));
  EXPECT_EQ(heard->count("lost 0"), 3U) << "two quarantines, then the end";
}

TEST_F(supervisor_bench, a_device_that_worked_before_is_given_time_to_accept_its_model_again) {
  script->throwing_calls = {1};
  start(1);
  ASSERT_TRUE(eventually(5s, [&] { return heard->count("ready 0") == 1; }));
  loads_while_resetting = 2;
  order(1, 0, "a");
  EXPECT_TRUE(eventually(10s, [&] { return heard->count("ready 0") == 2; }));
  EXPECT_EQ(heard->count("lost 0"), 3U);
}

TEST_F(supervisor_bench, without_recovery_the_first_shortage_is_the_devices_end) {
  recovers = false;
  script->out_of_memory_calls = {1};
  start(1);
  ASSERT_TRUE(eventually(5s, [&] { return heard->count("ready 0") == 1; }));
  order(1, 0, "a");
  EXPECT_TRUE(eventually(5s, [&] { return heard->count("lost 0") == 1; }));
  EXPECT_TRUE(eventually(5s, [&] {
    const std::lock_guard lock(heard->mutex);
    return std::ranges::any_of(heard->events,
                               [](const auto& each) { return each.starts_with("failed mock: out of"); });
  }));
}

TEST_F(supervisor_bench, the_worker_fails_only_when_no_device_is_left) {
  start(2);
  ASSERT_TRUE(eventually(5s, [&] { return heard->count("ready 0") == 1 && heard->count("ready 1") == 1; }));
  tell(supervisor, device_unusable{0, {failure_kind::device_not_admitted, "gone", ""}});
  ASSERT_TRUE(eventually(5s, [&] { return heard->count("lost 0") == 1; }));
  order(3, 1, "a");
  ASSERT_TRUE(eventually(5s, [&] { return heard->count("embedded 3") == 1; }));
  EXPECT_EQ(heard->count("failed gone"), 0U);
  tell(supervisor, device_unusable{1, {failure_kind::device_not_admitted, "gone too", ""}});
  EXPECT_TRUE(eventually(5s, [&] { return heard->count("failed gone too") == 1; }));
}

} // namespace
} // namespace trainyard
