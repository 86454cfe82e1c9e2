// Numbers that follow from the seed alone, on every system: the standard's distributions do not.
#pragma once

#include <chrono>
#include <cstdint>

namespace trainyard::simulation {

/// splitmix64.
class random_source {
public:
  using duration = std::chrono::steady_clock::duration;
  explicit random_source(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ULL + 0x1234567) {}

  std::uint64_t next() {
    auto mixed = state_ += 0x9E3779B97F4A7C15ULL;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
    return mixed ^ (mixed >> 31);
  }
  std::uint64_t below(std::uint64_t end) { return end == 0 ? 0 : next() % end; }
  std::uint64_t between(std::uint64_t least, std::uint64_t most) { return least + below(most - least + 1); }
  bool chance(double probability) { return static_cast<double>(next() >> 11) * 0x1.0p-53 < probability; }
  duration between(duration least, duration most) {
    return duration(least.count() + static_cast<duration::rep>(
                                        below(static_cast<std::uint64_t>((most - least).count()) + 1)));
  }

private:
  std::uint64_t state_;
};

} // namespace trainyard::simulation
