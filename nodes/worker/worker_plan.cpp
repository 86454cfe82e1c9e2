// Looks at the model and the devices once, before anything is started.
#include "nodes/worker/worker_plan.hpp"

#include <sstream>
#include <thread>

#include "actors/device/memory/allocator_settings.hpp"
#include "actors/device/memory/devices.hpp"
#include "actors/device/model/golden_reference.hpp"
#include "actors/device/model/lane_set.hpp"
#include "actors/device/model/load_model.hpp"
#include "actors/log.hpp"
#include "config/device_defaults.hpp"
#include "config/load.hpp"
#include "config/places.hpp"
#include "messages/subject_tokens.hpp"
#include "nodes/models/model_stores.hpp"
#include "nodes/program_path.hpp"
#include "nodes/worker/decoder_plan.hpp"

namespace trainyard {

namespace {

namespace fs = std::filesystem;

result<fs::path> model_folder(const settings& from) {
  return models_of(from).resolve(from.text("run.model"));
}

std::string text_of_number(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

planned_device plan_device(const device_spec& device, const settings& from) {
  const auto standard = device_defaults_of(device.kind);
  const auto size = from.integer_unless_auto("device.gpu_batch_size");
  const auto interval = from.integer_unless_auto("device.gpu_memory_cleanup_interval");
  planned_device planned{device, {}};
  auto& embedder = planned.embedder;
  embedder.gpu_batch_size = static_cast<std::uint32_t>(size.value_or(standard.gpu_batch_size));
  embedder.recovers = from.boolean("device.oom_recovery");
  embedder.collection.enabled = from.boolean("device.gpu_memory_cleanup");
  embedder.collection.interval_images =
      static_cast<std::uint32_t>(interval.value_or(standard.gpu_memory_cleanup_interval));
  embedder.collection.soft_mark = from.number("device.soft_memory_mark");
  embedder.collection.hard_mark = from.number("device.hard_memory_mark");
  log(log_level::info, "run",
      std::string("Using GPU batch size from ") + (size ? "config: " : "device defaults: ") +
          std::to_string(embedder.gpu_batch_size) + " (" + device.id + ", " + device.name + ")");
  return planned;
}

result<void> set_allocators(const settings& from) {
  const auto soft = from.number("device.soft_memory_mark");
  const auto hard = from.number("device.hard_memory_mark");
  if (hard > 0 && hard < soft)
    return fail(failure_kind::config_invalid,
                "--hard-memory-mark is " + text_of_number(hard) + ", below --soft-memory-mark, which is " +
                    text_of_number(soft),
                "collect early first, and make passes smaller above that");
  const auto applied = apply(allocator_settings{from.number("device.memory_fraction"),
                                                from.boolean("device.cuda_expandable_segments"),
                                                from.number("device.cuda_collection_threshold")});
  if (!applied)
    return tl::unexpected(applied.error());
  log(log_level::debug, "run", *applied);
  return {};
}

device_config device_of(const worker_plan& plan, std::uint32_t number, const std::string& node,
                        std::shared_ptr<ceiling_store> ceilings, std::shared_ptr<query_queue> queries) {
  const auto& planned = plan.devices[number];
  load_options options;
  options.precision = plan.precision;
  options.max_micro_batch = planned.embedder.gpu_batch_size;
  options.cpu_threads = plan.forward_threads;
  device_config config;
  config.number = number;
  config.node = node;
  config.device = planned.device;
  config.memory_fraction = plan.memory_fraction;
  config.embedder = planned.embedder;
  config.load = [folder = plan.model_folder, device = planned.device, options] {
    return load_device_model(folder, device, options);
  };
  config.golden = plan.golden;
  config.ceilings = std::move(ceilings);
  config.queries = std::move(queries);
  return config;
}

device_status status_of(const worker_plan& plan, const device_spec& device, const std::string& node) {
  device_status status;
  status.node = node;
  status.id = device.id;
  status.kind = device.kind;
  status.name = device.name;
  status.state = "starting";
  status.model = plan.model.name;
  status.precision = plan.precision;
  return status;
}

} // namespace

result<worker_plan> plan_worker(const settings& from) {
  worker_plan plan;
  if (auto set = set_allocators(from); !set) // before anything else touches LibTorch
    return tl::unexpected(set.error());
  auto folder = model_folder(from);
  if (!folder)
    return tl::unexpected(folder.error());
  plan.model_folder = std::move(*folder);
  auto identity = describe_model(plan.model_folder);
  if (!identity)
    return tl::unexpected(identity.error());
  plan.model = std::move(*identity);
  auto golden = golden_set_of(plan.model_folder);
  if (!golden)
    return tl::unexpected(golden.error());
  plan.golden = std::make_shared<const golden_set>(std::move(*golden));
  const auto precision = from.text("device.precision");
  plan.precision = precision == "auto" ? plan.model.precision : precision;
  auto devices = enumerate_devices(from.text("device.use"));
  if (!devices)
    return tl::unexpected(devices.error());
  for (const auto& device : *devices)
    plan.devices.push_back(plan_device(device, from));
  const auto cores = static_cast<std::int64_t>(std::max(1U, std::thread::hardware_concurrency()));
  plan.decode_threads =
      static_cast<std::size_t>(from.integer_unless_auto("device.decode_threads").value_or(cores));
  plan.forward_threads = static_cast<int>(from.integer_unless_auto("device.forward_threads").value_or(cores));
  auto decoders = plan_decoders(from);
  if (!decoders)
    return tl::unexpected(decoders.error());
  plan.decoders = std::move(*decoders);
  plan.memory_fraction = from.number("device.memory_fraction");
  plan.state_folder = state_folder(from, process_environment());
  plan.prefetch = static_cast<std::size_t>(from.integer("device.prefetch"));
  plan.pool = pool_of(plan.model.name, plan.precision);
  return plan;
}

worker_options worker_options_of(const worker_plan& plan, root_map roots, const node_identity& node,
                                 const subjects& names) {
  worker_options options;
  auto& fetch = options.fetcher;
  fetch.pool = plan.pool;
  fetch.space_id = plan.model.space_id;
  fetch.node = node.name;
  fetch.precision = plan.precision;
  fetch.dim = plan.model.dim;
  fetch.slots = plan.slots;
  fetch.prefetch = plan.prefetch;
  fetch.heartbeat_subject = names.node_events(node.name);
  auto& beat = fetch.heartbeat;
  beat.node = node.name;
  beat.instance = node.instance;
  beat.version = node.version;
  beat.pool = plan.pool;
  beat.model = plan.model.name;
  beat.precision = plan.precision;
  beat.space_id = plan.model.space_id;
  for (const auto& [name, directory] : roots) {
    fetch.roots.insert(name);
    beat.roots.push_back(name);
  }
  std::shared_ptr<ceiling_store> ceilings;
  if (!plan.state_folder.empty())
    ceilings = std::make_shared<ceiling_store>(plan.state_folder / "ceilings.json");
  options.queries = std::make_shared<query_queue>();
  for (std::uint32_t number = 0; number < plan.devices.size(); ++number) {
    options.devices.push_back(device_of(plan, number, node.name, ceilings, options.queries));
    beat.devices.push_back(status_of(plan, plan.devices[number].device, node.name));
  }
  options.decode_threads = plan.decode_threads;
  options.decoders = plan.decoders;
  options.roots = std::move(roots);
  options.image = plan.model.image;
  return options;
}

} // namespace trainyard
