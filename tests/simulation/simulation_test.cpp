// No seed breaks a promise; a seed that does says how to run it alone.
#include <charconv>
#include <cstdlib>

#include <gtest/gtest.h>

#include "actors/log.hpp"
#include "tests/simulation/simulated_world.hpp"

namespace trainyard::simulation {
namespace {

constexpr std::uint64_t parts = 4; ///< so that ctest runs them beside one another

std::uint64_t number_in(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

struct simulated_fleet : ::testing::TestWithParam<std::uint64_t> {
  void SetUp() override {
    log_settings quiet;
    quiet.level = std::getenv("TRAINYARD_SIMULATION_LOG") != nullptr ? log_level::debug : log_level::off;
    set_up_log(quiet);
  }
};

std::string how_to_repeat(std::uint64_t seed) {
  return "seed " + std::to_string(seed) + "; alone: TRAINYARD_SEED=" + std::to_string(seed) +
         " build/release/tests/simulation/simulation";
}

TEST_P(simulated_fleet, no_seed_breaks_a_promise) {
  if (const auto only = number_in("TRAINYARD_SEED", 0); only != 0) {
    if (GetParam() != 0)
      GTEST_SKIP() << "one seed only";
    const auto report = live_through(only);
    EXPECT_FALSE(report.broken) << *report.broken;
    return;
  }
  const auto seeds = number_in("TRAINYARD_SEEDS", 2'000);
  std::uint64_t failed = 0;
  std::uint64_t faults = 0;
  std::uint64_t takeovers = 0;
  std::uint64_t poisoned = 0;
  std::uint64_t steps = 0;
  duration longest{};
  for (auto seed = GetParam() + 1; seed <= seeds; seed += parts) {
    const auto report = live_through(seed);
    faults += report.faults;
    takeovers += report.takeovers;
    poisoned += report.ended_by_poison;
    steps += report.steps;
    longest = std::max(longest, report.recovery);
    if (!report.broken)
      continue;
    ADD_FAILURE() << how_to_repeat(seed) << "\n" << *report.broken;
    if (++failed == 10)
      return;
  }
  std::printf(
      "%llu seeds, %llu faults, %llu takeovers, %llu ends by poison, %llu steps, slowest recovery %lld s\n",
      static_cast<unsigned long long>(seeds / parts), static_cast<unsigned long long>(faults),
      static_cast<unsigned long long>(takeovers), static_cast<unsigned long long>(poisoned),
      static_cast<unsigned long long>(steps),
      static_cast<long long>(std::chrono::duration_cast<std::chrono::seconds>(longest).count()));
}

INSTANTIATE_TEST_SUITE_P(part, simulated_fleet, ::testing::Range<std::uint64_t>(0, parts));

TEST_F(simulated_fleet, a_seed_gives_the_same_run_again) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    EXPECT_EQ(live_through(seed).fingerprint, live_through(seed).fingerprint) << how_to_repeat(seed);
}

} // namespace
} // namespace trainyard::simulation
