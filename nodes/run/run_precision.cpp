// A choice that changed between two runs of one output would be refused by that output: it is made once.
#include "nodes/run/run_precision.hpp"

#include <algorithm>
#include <cstdio>

#include "actors/device/model/model_config.hpp"
#include "actors/device/model/precision_store.hpp"
#include "actors/log.hpp"

namespace trainyard {
namespace {

bool has_choice(const worker_plan& plan) {
  const auto config = read_model_config(plan.model_folder);
  const auto& kind = plan.devices.front().device.kind;
  return config && config->tower && !plan.state_folder.empty() &&
         std::ranges::all_of(plan.devices, [&](const auto& each) { return each.device.kind == kind; });
}

std::string told(const precision_outcome& each) {
  char text[96];
  std::snprintf(text, sizeof text, "%s %.1f images/s at cosine %.6f", each.precision.c_str(),
                each.images_per_second, each.least_cosine);
  return text;
}

} // namespace

result<std::string> precision_of_run(const worker_plan& plan) {
  if (!has_choice(plan))
    return plan.model.precision;
  const auto& first = plan.devices.front();
  const precision_key key{plan.model.space_id, first.device.kind, first.device.name, plan.forward_threads};
  const precision_store store(plan.state_folder / "precisions.json");
  const auto known = store.recall(key);
  if (!known)
    return tl::unexpected(known.error());
  if (*known)
    return **known;
  load_options options;
  options.max_micro_batch = first.embedder.gpu_batch_size;
  options.cpu_threads = plan.forward_threads;
  const auto outcomes = try_precisions(plan.model_folder, first.device, *plan.golden, options);
  if (!outcomes) // a device without bf16, or without room for two models: what it can do will show
    return plan.model.precision;
  log(log_level::info, "run", "measured " + told(outcomes->front()) + ", " + told(outcomes->back()));
  if (auto kept = store.remember(key, *outcomes); !kept)
    return tl::unexpected(kept.error());
  return chosen_precision(*outcomes);
}

} // namespace trainyard
