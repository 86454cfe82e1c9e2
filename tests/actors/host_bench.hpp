// Coordinators for a test: real hosts and sessions on a registry in memory and a link that answers work.
#pragma once

#include <gtest/gtest.h>

#include "actors/coordinator/host/session_host.hpp"
#include "tests/support/actor_bench.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/fake_links.hpp"
#include "tests/support/fake_registry.hpp"
#include "tests/support/fake_service.hpp"
#include "tests/support/made_results.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard::testing {

using namespace std::chrono_literals;

inline delivery delivery_of(const work_batch& work) {
  delivery one;
  one.ack_subject = work.session + "." + std::to_string(work.batch);
  one.payload = to_msgpack(made_result(work));
  return one;
}

/// One coordinator process: what it is made with, and its actor.
struct coordinator_double {
  explicit coordinator_double(std::shared_ptr<fake_store> store)
      : registry(std::move(store)), link([this](const work_batch& work) {
          return answering ? std::vector<delivery>{delivery_of(work)} : std::vector<delivery>{};
        }) {}

  /// Results of everything that was published, also before.
  void answer_all() {
    answering = true;
    for (const auto& work : link.published())
      link.deliver(work.session, delivery_of(work));
  }

  fake_registry registry;
  fake_service service;
  std::atomic<bool> answering = true;
  fake_coordinator_link link;
  actor host;
  std::atomic<int> drained = 0;
  std::optional<failure> ended_by; ///< read it once `drained` is 1
};

struct host_bench : ::testing::Test {
  temp_dir dir;
  actor_bench actors;
  std::shared_ptr<fake_store> store = std::make_shared<fake_store>();
  coordinator_double one{store};
  coordinator_double other{store};

  void SetUp() override {
    photos("a", 10);
    std::filesystem::create_directories(dir.path() / "out");
  }
  void TearDown() override {
    actors.end(one.host);
    actors.end(other.host);
  }

  void photos(const std::string& folder, int count) const {
    for (int i = 0; i < count; ++i)
      dir.write("photos/" + folder + "/img" + std::to_string(1000 + i) + ".jpg", "x");
  }
  [[nodiscard]] std::filesystem::path output_of(const std::string& session) const {
    return dir.path() / "out" / session;
  }
  [[nodiscard]] host_config config(const std::string& node) const {
    host_config config;
    config.node = node;
    config.owner = node + "-1";
    config.tick = 10ms;
    config.lease_patience = 200ms;
    config.save_interval = 10ms;
    config.drain_grace = 50ms;
    config.now = [] { return std::string("2026-01-01T00:00:00Z"); };
    config.fresh_id = [count = 0]() mutable { return "fresh" + std::to_string(++count); };
    config.intake.roots["photos"] = std::filesystem::canonical(dir.path() / "photos");
    config.intake.output_root = std::filesystem::canonical(dir.path() / "out");
    config.intake.model = "mock";
    config.intake.batch_size = 2;
    config.intake.dtype = "fp32";
    config.intake.describe_model = [](const std::string& model, const std::string&) -> result<model_facts> {
      if (model != "mock")
        return fail(failure_kind::model_missing, "there is no model '" + model + "'", "use mock");
      return model_facts{"mock", "space", 4, "fp32", "mock_fp32"};
    };
    return config;
  }
  void start(coordinator_double& which, host_config with) {
    which.host = spawn_detached<session_host>(
        actors.system(), std::move(with), std::ref<coordinator_link>(which.link),
        std::ref<session_registry>(which.registry), std::ref<coordinator_service>(which.service),
        [&which](std::optional<failure> why) {
          which.ended_by = std::move(why);
          ++which.drained;
        });
    ASSERT_TRUE(eventually(5s, [&] { return which.service.is_open() || which.drained > 0; }));
  }
  void start_one() { start(one, config("one")); }
  void start_other() { start(other, config("other")); }

  [[nodiscard]] static session_spec spec(const std::string& session, const std::string& folder = "a") {
    session_spec asked;
    asked.session_id = session;
    asked.training_directory = folder;
    return asked;
  }
  /// The answer, as T or as the error that it was.
  template <wire_struct T>
  [[nodiscard]] result<T> ask(coordinator_double& which, const std::string& verb, const std::string& session,
                              std::vector<std::byte> payload) {
    const auto reply_to = which.service.ask(verb, session, std::move(payload));
    if (!eventually(10s, [&] { return which.service.answer(reply_to).has_value(); }))
      return fail(failure_kind::nats_timeout, "no answer to " + verb);
    const auto answer = *which.service.answer(reply_to);
    if (const auto refused = decode<error_reply>(answer))
      return fail(*kind_of_code(refused->error.code), refused->error.message, refused->error.remedy);
    return decode<T>(answer);
  }
  result<submit_reply> submit(coordinator_double& which, const session_spec& asked) {
    return ask<submit_reply>(which, "submit", "", to_msgpack(asked));
  }
  result<session_status> about(coordinator_double& which, const std::string& verb,
                               const std::string& session) {
    return ask<session_status>(which, verb, session, {});
  }
  [[nodiscard]] bool becomes(const std::string& session, const std::string& state) {
    return eventually(10s, [&] { return store->state_of(session) == state; });
  }
  /// This coordinator has looked at everything since.
  [[nodiscard]] static bool looks_again(coordinator_double& which) {
    return eventually(10s,
                      [&, before = which.registry.looks()] { return which.registry.looks() > before + 2; });
  }
  /// A record as a coordinator that has died left it.
  void left_behind(const std::string& session, const std::string& wanted) {
    auto record = session_intake(config("x").intake).accept(spec(session), session, "2026").value();
    record.wanted = wanted;
    record.status.state = wanted == "paused" ? "paused" : "running";
    record.status.coordinator = "dead";
    store->put(record);
  }
};

} // namespace trainyard::testing
