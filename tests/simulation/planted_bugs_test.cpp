// The promises can be broken: every planted bug is caught within the seeds.
#include <gtest/gtest.h>

#include "actors/log.hpp"
#include "tests/simulation/planted_bugs.hpp"
#include "tests/simulation/simulated_world.hpp"

namespace trainyard::simulation {

void PrintTo(const planted_bug& bug, std::ostream* out); // for GoogleTest, which looks for it here
void PrintTo(const planted_bug& bug, std::ostream* out) {
  *out << bug.name;
}

namespace {

struct planted : ::testing::TestWithParam<planted_bug> {
  void SetUp() override {
    log_settings quiet;
    quiet.level = log_level::off;
    set_up_log(quiet);
  }
};

TEST_P(planted, is_caught) {
  constexpr std::uint64_t seeds = 2'000;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const auto report = live_through(seed, GetParam().plant);
    if (!report.broken)
      continue;
    std::printf("by seed %llu: %s\n", static_cast<unsigned long long>(seed), report.broken->c_str());
    return;
  }
  FAIL() << "not within " << seeds << " seeds";
}

INSTANTIATE_TEST_SUITE_P(bug, planted, ::testing::ValuesIn(planted_bugs()),
                         [](const auto& each) { return std::string(each.param.name); });

} // namespace
} // namespace trainyard::simulation
