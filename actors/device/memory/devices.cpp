// Devices through LibTorch's generic hooks, which answer "none" for a vendor that this build lacks.
#include "actors/device/memory/devices.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <ATen/Context.h>
#include <ATen/detail/PrivateUse1HooksInterface.h>
#include <c10/core/Device.h>

#include "actors/device/memory/device_name.hpp"

namespace trainyard {
namespace {

constexpr std::array accelerators{c10::DeviceType::CUDA, c10::DeviceType::XPU, c10::DeviceType::MPS,
                                  c10::DeviceType::PrivateUse1};

int count_of(c10::DeviceType type) {
  if (type == c10::DeviceType::PrivateUse1 && !at::isPrivateUse1HooksRegistered())
    return 0;
  // A driver that is too old or a board that fell off the bus throws here: such a device is not available.
  try {
    const auto& hooks = at::globalContext().getAcceleratorHooksInterface(type);
    return hooks.isAvailable() ? hooks.deviceCount() : 0;
  } catch (const std::exception&) {
    return 0;
  }
}

device_spec spec_of(c10::DeviceType type, int index) {
  const auto kind = c10::DeviceTypeName(type, /*lower_case=*/true);
  const bool only_one_possible = type == c10::DeviceType::MPS;
  return {.id = only_one_possible ? kind : kind + ":" + std::to_string(index),
          .kind = kind,
          .name = device_name(kind),
          .index = static_cast<std::int8_t>(index)};
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool selects(std::string_view token, const device_spec& device) {
  return token == device.id || token == device.kind ||
         token == device.kind + ":" + std::to_string(device.index);
}

tl::unexpected<failure> not_here(std::string_view token, const std::vector<device_spec>& all) {
  std::string existing;
  for (const auto& device : all)
    existing += (existing.empty() ? "" : ", ") + device.id;
  return fail(failure_kind::device_unavailable, "device '" + std::string(token) + "' is not available here",
              "this machine has: " + existing + "; or use auto");
}

std::vector<device_spec> matching(std::string_view token, const std::vector<device_spec>& all) {
  std::vector<device_spec> found;
  const bool automatic = token == "auto";
  for (const auto& device : all)
    if (automatic ? !device.is_cpu() : selects(token, device))
      found.push_back(device);
  if (automatic && found.empty())
    found.push_back(all.back());
  return found;
}

} // namespace

std::vector<device_spec> all_devices() {
  std::vector<device_spec> all;
  for (const auto type : accelerators)
    for (int index = 0, count = count_of(type); index < count; ++index)
      all.push_back(spec_of(type, index));
  all.push_back({.id = "cpu", .kind = "cpu", .name = device_name("cpu"), .index = 0});
  return all;
}

result<std::vector<device_spec>> enumerate_devices(std::string_view selection) {
  const auto all = all_devices();
  std::vector<device_spec> chosen;
  for (std::size_t start = 0; start <= selection.size();) {
    const auto comma = std::min(selection.find(',', start), selection.size());
    const auto token = trimmed(selection.substr(start, comma - start));
    const auto found = matching(token, all);
    if (found.empty())
      return not_here(token, all);
    for (const auto& device : found)
      if (std::ranges::find(chosen, device.id, &device_spec::id) == chosen.end())
        chosen.push_back(device);
    start = comma + 1;
  }
  return chosen;
}

} // namespace trainyard
