// A fetcher between a queue in memory and a device that embeds at once.
#pragma once

#include <gtest/gtest.h>

#include "actors/device/fetcher.hpp"
#include "tests/support/actor_bench.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/fake_links.hpp"
#include "tests/support/made_results.hpp"

namespace trainyard::testing {

using namespace std::chrono_literals;

/// Embeds at once, unless told to hold; stands for supervisor and device.
class device_double {
public:
  static constexpr const char* name = "device_double";
  device_double(caf::event_based_actor&, std::shared_ptr<std::atomic<bool>> hold, actor* fetcher)
      : hold_(std::move(hold)), fetcher_(fetcher) {}
  caf::message_handler handlers() {
    return caf::message_handler{[this](const embed_batch& order) {
      if (!*hold_)
        tell(*fetcher_,
             batch_embedded{order.ticket, order.device,
                            std::make_shared<const batch_result>(made_result(*order.batch->work))});
    }};
  }

private:
  std::shared_ptr<std::atomic<bool>> hold_;
  actor* fetcher_;
};

struct fetcher_bench : ::testing::Test {
  actor_bench actors;
  fake_worker_link link;
  std::shared_ptr<std::atomic<bool>> hold = std::make_shared<std::atomic<bool>>(false);
  std::atomic<int> drained = 0;
  std::atomic<bool> nobody_sends = false; ///< the images that the readers are to read
  reader_pool readers{
      // one thread: batches become ready in the order in which they came
      1, [this](const work_batch&, const work_asset& asset, stage_seconds&) -> result<prepared_image> {
        if (nobody_sends)
          return fail(failure_kind::nats_unreachable, "nobody is there");
        prepared_image image;
        image.path = asset.path;
        return image;
      }};
  actor fetch;
  actor device;

  [[nodiscard]] virtual fetcher_config config() const {
    fetcher_config with;
    with.space_id = "space";
    with.working_interval = 20ms;
    with.pause_of_unreachable = 20ms;
    with.dim = 4;
    return with;
  }
  void SetUp() override {
    fetch = spawn_scheduled<fetcher>(actors.system(), config(), std::ref<worker_link>(link),
                                     std::ref(readers), [this] { ++drained; });
    device = spawn_scheduled<device_double>(actors.system(), hold, &fetch);
  }
  void TearDown() override {
    actors.end(fetch);
    actors.end(device);
  }

  void device_comes_up(std::uint32_t number = 0) { tell(fetch, device_ready{number, device}); }
  void deliver(std::uint64_t batch, const std::string& ack, const std::string& space = "space",
               const std::string& root = "photos", std::uint64_t delivered = 1, bool remote = false) {
    work_batch work;
    work.root = root;
    work.remote = remote;
    work.session = "s";
    work.batch = batch;
    work.space_id = space;
    work.assets = {{"a", 1, 1}, {"b", 1, 1}};
    auto one = std::make_shared<delivery>();
    one->ack_subject = ack;
    one->delivered = delivered;
    one->payload = to_msgpack(work);
    tell(fetch, work_delivered{std::move(one)});
  }
};

} // namespace trainyard::testing
