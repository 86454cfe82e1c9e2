// Settings to the plain values that `trainyard run` is built from; everything wrong with them is told before
// work starts.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "actors/device/batch_embedder.hpp"
#include "actors/device/memory/device_spec.hpp"
#include "actors/device/model/embedding_model.hpp"
#include "actors/device/model/golden_set.hpp"
#include "config/settings.hpp"

namespace trainyard {

struct planned_device {
  device_spec device;
  embedder_settings embedder;
};

struct run_plan {
  std::filesystem::path directory; ///< absolute, links resolved
  std::filesystem::path out;       ///< absolute
  std::filesystem::path model_folder;
  model_identity model;
  std::shared_ptr<const golden_set> golden; ///< what every device is held to
  std::string precision;
  std::vector<planned_device> devices;
  std::size_t decode_threads = 1;
  int forward_threads = 1; ///< of a CPU device
  double memory_fraction = 1.0;
  std::filesystem::path state_folder; ///< empty: nowhere to keep what is learned
  std::string session_id;             ///< of a new folder: the same for the same images and space
};

/// Blocks for reading the model file. Also logs what operators grep for: "Using GPU batch size from config:
/// 16".
[[nodiscard]] result<run_plan> plan_run(const std::string& directory, const settings& from);

} // namespace trainyard
