// Each asked as a worker asks it before it takes work.
#include "nodes/doctor/device_checks.hpp"

#include <atomic>

#include "actors/device/isolation/isolated_reader.hpp"
#include "actors/device/memory/device_memory.hpp"
#include "actors/device/memory/devices.hpp"
#include "actors/device/model/golden_reference.hpp"
#include "actors/device/model/load_model.hpp"
#include "nodes/models/model_stores.hpp"
#include "nodes/terminal/units.hpp"
#include "nodes/worker/decoder_plan.hpp"

namespace trainyard {
namespace {

bool has(std::uint32_t confined, confinement which) {
  return (confined & static_cast<std::uint32_t>(which)) != 0;
}

finding on_confinement(std::uint32_t confined) {
  const bool filtered = has(confined, confinement::system_call_filter);
  const bool limited = has(confined, confinement::memory_limit);
  const std::string text =
      std::string("a decoder starts, ") +
      (filtered ? "with a system call filter (seccomp)" : "without a system call filter") +
      (limited ? " and a limit of memory" : ", and its memory is not limited");
  if (filtered && limited)
    return good("decoders", text);
#ifdef __APPLE__
  return good("decoders", text + ", as macOS has none for programs like this");
#else
  return warning("decoders", text,
                 "use a kernel or container that allows seccomp, where images come from strangers");
#endif
}

} // namespace

void look_at_model(findings& all, const settings& from) {
  const auto folder = models_of(from).resolve(from.text("run.model"));
  if (!folder)
    return all.push_back(bad("model", folder.error()));
  const auto identity = describe_model(*folder);
  if (!identity)
    return all.push_back(bad("model", identity.error()));
  all.push_back(good("model", identity->name + " at " + folder->string() + ", weights SHA-256 " +
                                  identity->weights_sha256.substr(0, 16) + "..., space " +
                                  identity->space_id));
  const auto golden = golden_set_of(*folder);
  all.push_back(golden ? good("golden images", std::to_string(golden->images.size()) +
                                                   " images with the vectors that devices are held to")
                       : bad("golden images", golden.error()));
}

void look_at_devices(findings& all, const settings& from) {
  const auto devices = enumerate_devices(from.text("device.use"));
  if (!devices)
    return all.push_back(bad("devices", devices.error()));
  for (const auto& each : *devices) {
    const auto limit = device_memory(each, from.number("device.memory_fraction")).read().limit_bytes;
    all.push_back(
        good("device " + each.id, each.name + (limit == 0 ? "" : ", " + bytes_text(limit) + " to use")));
  }
}

finding on_decoders(const settings& from) {
  const auto plan = plan_decoders(from);
  if (!plan)
    return bad("decoders", plan.error());
  if (!*plan)
    return warning("decoders", "images are decoded in the worker's own process",
                   "leave --decode-isolation on where images come from strangers");
  const std::atomic<bool> stopping = false;
  const auto reader = isolated_reader::make(**plan, image_spec(), stopping, {});
  if (!reader)
    return bad("decoders", reader.error());
  if (const auto started = (*reader)->start(); !started)
    return bad("decoders", started.error());
  return on_confinement((*reader)->confined());
}

} // namespace trainyard
