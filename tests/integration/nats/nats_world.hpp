// What most tests here need: a private server, connections to it, and payloads.
#pragma once

#include <atomic>
#include <future>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "nodes/nats/nats_coordinator_link.hpp"
#include "nodes/nats/nats_worker_link.hpp"
#include "nodes/nats/private_server.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard::testing {

using namespace std::chrono_literals;

/// Deliveries as they come, from any thread.
class collector {
public:
  delivery_sink sink() {
    return [this](delivery each) {
      const std::lock_guard lock(mutex_);
      all_.push_back(std::move(each));
    };
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return all_.size();
  }
  std::vector<delivery> all() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }
  delivery at(std::size_t i) const {
    const std::lock_guard lock(mutex_);
    return all_.at(i);
  }
  [[nodiscard]] bool reaches(std::size_t count, std::chrono::milliseconds deadline = 10s) const {
    return eventually(deadline, [&] { return size() >= count; });
  }

private:
  mutable std::mutex mutex_;
  std::vector<delivery> all_;
};

inline publish_outcome wait_for_outcome(const std::function<void(publish_done)>& publish) {
  auto promise = std::make_shared<std::promise<publish_outcome>>();
  publish([promise](publish_outcome got) { promise->set_value(got); });
  return promise->get_future().get();
}

inline publish_outcome publish_and_wait(coordinator_link& link, const work_address& to,
                                        std::string_view text = "work") {
  return wait_for_outcome(
      [&](publish_done done) { link.publish_work(to, payload_of(text), std::move(done)); });
}

inline publish_outcome result_and_wait(worker_link& link, const std::string& session, std::uint64_t batch,
                                       std::uint32_t attempt = 1, std::string_view text = "result") {
  return wait_for_outcome([&](publish_done done) {
    link.publish_result(session, batch, attempt, payload_of(text), std::move(done));
  });
}

inline bool ack_and_wait(worker_link& link, const std::string& subject) {
  auto promise = std::make_shared<std::promise<bool>>();
  link.ack_work(subject, [promise](bool got) { promise->set_value(got); });
  return promise->get_future().get();
}

/// The last token of a subject as a number: the batch.
inline std::uint64_t batch_of(const std::string& subject) {
  return std::stoull(subject.substr(subject.rfind('.') + 1));
}

struct nats_world : ::testing::Test {
  temp_dir home;
  result<private_server> server;
  nats_link_options options;

  explicit nats_world(std::uint32_t max_payload_bytes = private_server_options().max_payload_bytes)
      : server(private_server::start(
            {.parent_directory = home.path(), .max_payload_bytes = max_payload_bytes})) {}

  void SetUp() override { ASSERT_TRUE(server) << server.error().cause; }

  connection_options login() const {
    connection_options with;
    with.urls = {server->url()};
    with.token = server->token();
    return with;
  }
  std::shared_ptr<connection> connect() const {
    auto link = connection::open(login());
    EXPECT_TRUE(link) << link.error().cause;
    return *link;
  }
  std::unique_ptr<nats_coordinator_link> coordinator() const {
    auto link = nats_coordinator_link::open(connect(), options);
    EXPECT_TRUE(link) << link.error().cause;
    return std::move(*link);
  }
  std::unique_ptr<nats_worker_link> worker() const {
    auto link = nats_worker_link::open(connect(), options);
    EXPECT_TRUE(link) << link.error().cause;
    return std::move(*link);
  }
};

} // namespace trainyard::testing
