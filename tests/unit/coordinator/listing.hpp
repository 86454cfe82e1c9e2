// Walks a directory to its end, for the tests of the walk.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "actors/coordinator/directory_walk.hpp"

namespace trainyard::testing {

inline std::vector<listed_asset> assets_of(const std::filesystem::path& root, walk_options options = {}) {
  std::vector<listed_asset> assets;
  auto walk = directory_walk::open(root, std::move(options));
  if (!walk) {
    ADD_FAILURE() << walk.error().cause;
    return assets;
  }
  for (;;) {
    auto next = walk->next();
    if (!next) {
      ADD_FAILURE() << next.error().cause;
      return assets;
    }
    if (!*next)
      return assets;
    assets.push_back(std::move(**next));
  }
}

inline std::vector<std::string> paths_of(const std::filesystem::path& root, walk_options options = {}) {
  std::vector<std::string> paths;
  for (auto& each : assets_of(root, std::move(options)))
    paths.push_back(std::move(each.path));
  return paths;
}

} // namespace trainyard::testing
