// Looks at the directory, the model and the devices once, before anything is started.
#include "nodes/run/run_plan.hpp"

#include <sstream>
#include <thread>

#include "actors/device/memory/allocator_settings.hpp"
#include "actors/device/memory/devices.hpp"
#include "actors/device/model/golden_reference.hpp"
#include "actors/device/model/load_model.hpp"
#include "actors/device/model/model_store.hpp"
#include "actors/disk/sha256.hpp"
#include "actors/log.hpp"
#include "config/device_defaults.hpp"
#include "config/load.hpp"
#include "config/places.hpp"
#include "nodes/program_path.hpp"

namespace trainyard {

namespace {

namespace fs = std::filesystem;

result<fs::path> image_directory(const std::string& text) {
  std::error_code error;
  const auto path = fs::canonical(text, error);
  if (error)
    return fail(failure_kind::input_missing,
                "the directory '" + text + "' cannot be opened: " + error.message(),
                "give the path of a directory of images");
  if (!fs::is_directory(path, error))
    return fail(failure_kind::input_missing, "'" + text + "' is not a directory",
                "give the path of a directory of images");
  return path;
}

result<fs::path> model_folder(const settings& from) {
  const model_store store(model_folders(from, process_environment(), program_path()));
  return store.resolve(from.text("run.model"));
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

std::string session_id_of(const run_plan& plan) {
  const auto digest = to_hex(sha256_of(plan.directory.string() + "\n" + plan.model.space_id));
  return "run-" + digest.substr(0, 16);
}

} // namespace

result<run_plan> plan_run(const std::string& directory, const settings& from) {
  run_plan plan;
  if (auto set = set_allocators(from); !set) // before anything else touches LibTorch
    return tl::unexpected(set.error());
  auto images = image_directory(directory);
  if (!images)
    return tl::unexpected(images.error());
  plan.directory = std::move(*images);
  plan.out = fs::absolute(from.path("run.out")).lexically_normal();
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
  plan.memory_fraction = from.number("device.memory_fraction");
  plan.state_folder = state_folder(from, process_environment());
  plan.session_id = session_id_of(plan);
  return plan;
}

} // namespace trainyard
