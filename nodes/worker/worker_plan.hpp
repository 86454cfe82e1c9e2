// Settings to the plain values that a worker is built from; everything wrong with them is told before work
// starts.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/device/batch_embedder.hpp"
#include "actors/device/isolation/decoder_settings.hpp"
#include "actors/device/memory/device_spec.hpp"
#include "actors/device/model/embedding_model.hpp"
#include "actors/device/model/golden_set.hpp"
#include "actors/device/model/model_store.hpp"
#include "config/settings.hpp"
#include "messages/subjects.hpp"
#include "nodes/worker/worker_node.hpp"

namespace trainyard {

struct planned_device {
  device_spec device;
  embedder_settings embedder;
};

struct worker_plan {
  std::filesystem::path model_folder;
  model_identity model;
  std::shared_ptr<const golden_set> golden; ///< what every device is held to
  std::string precision;
  std::string pool; ///< whose work it takes
  std::vector<planned_device> devices;
  std::size_t slots = 2;    ///< batches per device: one running, the next one waiting at the device
  std::size_t prefetch = 3; ///< read ahead, per device
  std::size_t decode_threads = 1;
  std::optional<decoder_settings> decoders; ///< nothing: decode in this process
  int forward_threads = 1;                  ///< of a CPU device
  double memory_fraction = 1.0;
  std::filesystem::path state_folder; ///< empty: nowhere to keep what is learned
};

/// Blocks for reading the model file. Also sets the allocators of all devices, so call it before anything
/// else touches LibTorch, and logs what operators grep for: "Using GPU batch size from config: 16".
[[nodiscard]] result<worker_plan> plan_worker(const settings& from);

/// Where this machine has models, by its settings and environment.
[[nodiscard]] model_store models_of(const settings& from);

/// Model and precision class: coordinator and worker must come to the same name.
[[nodiscard]] std::string pool_of(const std::string& model, const std::string& precision);

/// What coordinators know this process by.
struct node_identity {
  std::string name;     ///< a token; devices are told apart by it
  std::string instance; ///< random: another one means that the process was started again
  std::string version;
};

[[nodiscard]] worker_options worker_options_of(const worker_plan& plan, root_map roots,
                                               const node_identity& node, const subjects& names);

} // namespace trainyard
