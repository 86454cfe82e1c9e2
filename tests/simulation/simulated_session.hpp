// What one simulated session is: all follows from the seed.
#pragma once

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>

#include "actors/coordinator/session_config.hpp"
#include "tests/simulation/photo_folder.hpp"
#include "tests/simulation/random_source.hpp"

namespace trainyard::simulation {

struct simulated_session {
  std::uint64_t images = 0;
  std::uint64_t bad_each = 0; ///< every so many images one cannot be decoded
  std::uint64_t poison = 0;   ///< so many end their workers
  std::uint64_t batch_size = 4;
  std::uint64_t shard_rows = 10;
  std::size_t window = 4;
  std::size_t result_credit = 16;
  std::uint64_t listing_slice = 16;
  random_source::duration fastest_batch{};
  random_source::duration slowest_batch{};
  int slowdown = 1; ///< of the first worker
  std::filesystem::path directory{};
  bool prune = false;
  bool retry_failed = false;

  static simulated_session of(random_source& random) {
    using std::chrono::milliseconds;
    simulated_session made;
    made.images = random.between(9, 90);
    made.bad_each = random.between(3, 12);
    made.poison = random.chance(0.25) ? random.between(1, 2) : 0;
    made.batch_size = random.chance(0.2) ? random.between(9, 20) : random.between(2, 6);
    made.shard_rows = random.between(6, 30);
    made.window = random.between(1, 8);
    made.result_credit = random.between(1, 16);
    made.listing_slice = random.between(5, 60);
    made.fastest_batch = milliseconds(random.between(100, 3'000));
    made.slowest_batch = made.fastest_batch * static_cast<int>(random.between(1, 20));
    made.slowdown = std::array{1, 1, 4}[random.below(3)];
    return made;
  }
  /// Makes them, in two directories.
  void take_pictures(photo_folder& into, random_source& random) const {
    for (std::uint64_t number = 0; number < images; ++number)
      into.add(name_of(number % bad_each == 2 ? "bad" : "img", number), 1'000);
    for (std::uint64_t number = 0; number < poison; ++number)
      into.add(name_of("psn", random.below(images)), 1'000);
  }
  [[nodiscard]] static std::string name_of(const char* what, std::uint64_t number) {
    char path[48];
    std::snprintf(path, sizeof path, "%s%03llu-%s.jpg", number % 3 == 0 ? "a/" : "",
                  static_cast<unsigned long long>(number), what);
    return path;
  }
  [[nodiscard]] std::uint64_t batches() const { return (images + poison + batch_size - 1) / batch_size; }
  [[nodiscard]] session_config config(const std::filesystem::path& out) const {
    session_config config;
    config.session_id = "s1";
    config.directory = directory;
    config.out = out;
    config.root = "photos";
    config.model = "mock";
    config.space_id = "space";
    config.dim = 4;
    config.precision = "fp32";
    config.dtype = "fp32";
    config.pool = "pool";
    config.batch_size = batch_size;
    config.shard_rows = shard_rows;
    config.prune = prune;
    config.retry_failed = retry_failed;
    config.window.max_in_flight = window;
    config.window.retry_after = std::chrono::seconds(90); // as the host sets it
    config.result_credit = result_credit;
    return config;
  }
};

} // namespace trainyard::simulation
