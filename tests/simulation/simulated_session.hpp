// What one simulated session is, and what its vectors must be: all follows from the seed.
#pragma once

#include <cstdio>
#include <filesystem>
#include <string>

#include "actors/coordinator/listed_asset.hpp"
#include "actors/coordinator/session_config.hpp"
#include "tests/simulation/random_source.hpp"

namespace trainyard::simulation {

struct simulated_session {
  std::uint64_t images = 0;
  std::uint64_t bad_each = 0; ///< every so many images one cannot be read
  std::uint64_t batch_size = 4;
  std::uint64_t shard_rows = 10;
  std::size_t window = 4;
  std::size_t result_credit = 16;
  std::uint64_t listing_slice = 16;
  random_source::duration fastest_batch{};
  random_source::duration slowest_batch{};

  static simulated_session of(random_source& random) {
    using std::chrono::milliseconds;
    simulated_session made;
    made.images = random.between(9, 90);
    made.bad_each = random.between(3, 12);
    made.batch_size = random.between(2, 6);
    made.shard_rows = random.between(6, 30);
    made.window = random.between(1, 8);
    made.result_credit = random.between(1, 16);
    made.listing_slice = random.between(5, 60);
    made.fastest_batch = milliseconds(random.between(100, 3'000));
    made.slowest_batch = made.fastest_batch * static_cast<int>(random.between(1, 20));
    return made;
  }
  [[nodiscard]] listed_asset item(std::uint64_t number) const {
    char path[32];
    std::snprintf(path, sizeof path, "%s%09llu.jpg", number % bad_each == 2 ? "bad" : "img",
                  static_cast<unsigned long long>(number));
    return {path, number + 1, static_cast<std::int64_t>(number)};
  }
  [[nodiscard]] static std::uint64_t number_of(const std::string& path) {
    return path.empty() ? 0 : std::stoull(path.substr(3));
  }
  [[nodiscard]] std::uint64_t batches() const { return (images + batch_size - 1) / batch_size; }
  [[nodiscard]] session_config config(const std::filesystem::path& out) const {
    session_config config;
    config.session_id = "s1";
    config.directory = "/photos";
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
    config.window.max_in_flight = window;
    config.window.retry_after = std::chrono::seconds(90); // as the host sets it
    config.result_credit = result_credit;
    return config;
  }
};

} // namespace trainyard::simulation
