// A process that is told to end does so, whatever its parts wait for.
#include "nodes/cluster/serve.hpp"

#include <csignal>

#include <gtest/gtest.h>

#include "config/load.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;

/// Its destruction waits as a reader does that is in a stalled disk.
template <bool Stuck>
struct process_of_parts {
  result<void> start(const settings&, node_events& events) {
    if (first_event)
      events.push(*first_event);
    all = &events;
    return {};
  }
  void drain() const { all->push({node_event::what::drained}); }
  [[nodiscard]] std::string node() const { return "n1"; }
  ~process_of_parts() {
    while (Stuck)
      ::pause();
  }
  static inline std::optional<node_event> first_event;
  node_events* all = nullptr;
};

template <bool Stuck>
[[noreturn]] void serve_and_exit(std::optional<node_event> first) {
  process_of_parts<Stuck>::first_event = std::move(first);
  const auto from = load_settings({.flags = {}, .variables = {}, .config_file = {}}).value();
  std::exit(serve<process_of_parts<Stuck>>(from, {"Worker", "serves", "ending", "left"}, 200ms));
}

struct serving : ::testing::Test {
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(serving, ends_by_itself_when_its_parts_do) {
  EXPECT_EXIT(serve_and_exit<false>(node_event{node_event::what::signal}), ::testing::ExitedWithCode(0),
              "Stopping");
}

TEST_F(serving, ends_after_its_patience_when_what_has_drained_is_stuck) {
  EXPECT_EXIT(serve_and_exit<true>(node_event{node_event::what::signal}), ::testing::ExitedWithCode(0),
              "still waits");
}

TEST_F(serving, ends_after_its_patience_with_the_status_of_what_failed) {
  const failure why{failure_kind::nats_denied, "no", ""};
  EXPECT_EXIT(serve_and_exit<true>(node_event{node_event::what::failed, why}), ::testing::ExitedWithCode(77),
              "still waits");
}

} // namespace
} // namespace trainyard
