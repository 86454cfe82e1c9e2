// A lost device is restarted with back-off; its batches go back to the fetcher first.
#include "actors/device/device_supervisor.hpp"

#include <algorithm>

#include "actors/log.hpp"

namespace trainyard {

device_supervisor::device_supervisor(caf::event_based_actor& self, std::vector<device_config> devices,
                                     actor fetcher, failed_sink on_failed)
    : self_(self), fetcher_(std::move(fetcher)), on_failed_(std::move(on_failed)) {
  for (auto& config : devices) {
    const auto number = config.number;
    slots_[number].config = std::move(config);
  }
}

caf::message_handler device_supervisor::handlers() {
  for (const auto& [number, slot] : slots_)
    start(number);
  return caf::message_handler{
      [this](const device_loaded& up) {
        tell(fetcher_, device_ready{up.device, handle_of(self_)});
      },
      [this](const embed_batch& order) {
        if (auto* slot = find(order.device); slot && slot->running)
          tell(slot->running, order);
      },
      [this](const batch_embedded& done) {
        if (auto* slot = find(done.device); slot && !done.result->embedded.empty())
          slot->policy.proved();
        tell(fetcher_, done);
      },
      [this](const device_faulted& fault) {
        if (auto* slot = find(fault.device))
          slot->last = fault.why;
      },
      [this](const device_unusable& unusable) {
        if (auto* slot = find(unusable.device)) {
          slot->last = unusable.why;
          slot->given_up = true;
          if (slot->running)
            tell(slot->running, stop{});
        }
      },
      [this](const actor_down& down) { ended(down); },
      [this](const restart_device& again) { start(again.device); },
      [this](const stop_devices&) { stop_all(); },
  };
}

void device_supervisor::start(std::uint32_t device) {
  auto& slot = slots_.at(device);
  if (slot.running || slot.given_up || stopping_)
    return;
  slot.running = spawn_detached<device_actor>(self_, slot.config, handle_of(self_));
  watch(handle_of(self_), slot.running);
}

void device_supervisor::ended(const actor_down& down) {
  const auto lost =
      std::ranges::find_if(slots_, [&](const auto& each) { return each.second.running == down.who; });
  if (lost == slots_.end())
    return;
  auto& [device, slot] = *lost;
  slot.running = nullptr;
  if (stopping_)
    return stop_all();
  tell(fetcher_, device_lost{device});
  const auto delay = slot.given_up ? std::nullopt : slot.policy.lost();
  if (!delay)
    return give_up(slot);
  log(log_level::warn, "supervisor",
      "device " + slot.config.device.id + " is lost (" + slot.last.cause + "); starting it again in " +
          std::to_string(delay->count()) + " ms");
  tell_later(handle_of(self_), *delay, restart_device{device});
}

void device_supervisor::give_up(device_slot& lost) {
  lost.given_up = true;
  log(log_level::error, "supervisor",
      "device " + lost.config.device.id + " takes no more work: " + lost.last.cause);
  if (std::ranges::all_of(slots_, [](const auto& each) { return each.second.given_up; }))
    on_failed_(lost.last);
}

void device_supervisor::stop_all() {
  stopping_ = true;
  bool any_left = false;
  for (auto& [number, slot] : slots_) {
    any_left = any_left || slot.running;
    *slot.config.stopping = true;
    if (slot.running)
      tell(slot.running, stop{});
  }
  if (!any_left)
    self_.quit();
}

device_supervisor::device_slot* device_supervisor::find(std::uint32_t device) {
  const auto found = slots_.find(device);
  return found == slots_.end() ? nullptr : &found->second;
}

} // namespace trainyard
