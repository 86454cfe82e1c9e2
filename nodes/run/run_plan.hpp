// What `trainyard run` is built from: a directory, an output folder and one worker.
#pragma once

#include <filesystem>
#include <string>

#include "nodes/worker/worker_plan.hpp"

namespace trainyard {

struct run_plan {
  std::filesystem::path directory; ///< absolute, links resolved
  std::filesystem::path out;       ///< absolute
  worker_plan worker;
  std::string session_id; ///< of a new folder: the same for the same images and space
};

/// Blocks for reading the model file. REQUIRES: nothing has touched LibTorch yet.
[[nodiscard]] result<run_plan> plan_run(const std::string& directory, const settings& from);

} // namespace trainyard
