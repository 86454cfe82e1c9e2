// A lost device is restarted with back-off; its batches go back to the fetcher first.
#include "actors/device/device_supervisor.hpp"

#include <algorithm>

#include "actors/log.hpp"

namespace trainyard {

namespace {

bool is_short_of_memory(const failure& why) {
  return why.kind == failure_kind::device_out_of_memory;
}

} // namespace

device_supervisor::device_supervisor(caf::event_based_actor& self, std::vector<device_config> devices,
                                     actor fetcher, failed_sink on_failed, supervision rules)
    : self_(self), fetcher_(std::move(fetcher)), on_failed_(std::move(on_failed)) {
  for (auto& config : devices) {
    const auto number = config.number;
    slots_[number] = {std::move(config), nullptr, rules.restarts, rules.quarantine, false, false, {}};
  }
}

caf::message_handler device_supervisor::handlers() {
  for (const auto& [number, slot] : slots_)
    start(number);
  return caf::message_handler{
      [this](const device_loaded& up) {
        if (auto* slot = find(up.device))
          slot->was_ready = true;
        tell(fetcher_, device_ready{up.device, handle_of(self_)});
      },
      [this](const queries_wait& some) { tell_devices(some); },
      [this](const embed_batch& order) {
        if (auto* slot = find(order.device); slot && slot->running)
          tell(slot->running, order);
      },
      [this](const batch_embedded& done) {
        if (auto* slot = find(done.device); slot && !done.result->embedded.empty()) {
          slot->restarts.proved();
          slot->quarantine.proved();
        }
        tell(fetcher_, done);
      },
      [this](const device_faulted& fault) {
        if (auto* slot = find(fault.device)) {
          slot->last = fault.why;
          slot->given_up = !may_come_back(*slot);
        }
      },
      [this](const device_unusable& unusable) {
        if (auto* slot = find(unusable.device)) {
          slot->last = unusable.why;
          slot->given_up = !may_come_back(*slot);
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
  slot.last = {failure_kind::device_lost, "the device's thread ended", "see the log above"};
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
  tell(fetcher_, device_lost{device, !is_short_of_memory(slot.last)});
  if (const auto delay = next_start(slot))
    tell_later(handle_of(self_), *delay, restart_device{device});
  else
    give_up(slot);
}

std::optional<std::chrono::milliseconds> device_supervisor::next_start(device_slot& lost) {
  if (lost.given_up)
    return std::nullopt;
  const bool quarantined = is_short_of_memory(lost.last);
  const auto delay = (quarantined ? lost.quarantine : lost.restarts).lost();
  if (delay)
    log(log_level::warn, "supervisor",
        "device " + lost.config.device.id +
            (quarantined ? " is quarantined for " : " is lost; it starts again in ") +
            std::to_string(delay->count()) + " ms: " + lost.last.cause);
  return delay;
}

void device_supervisor::give_up(device_slot& lost) {
  lost.given_up = true;
  log(log_level::error, "supervisor",
      "device " + lost.config.device.id + " takes no more work: " + lost.last.cause);
  const bool none_left = std::ranges::all_of(
      slots_, [](const auto& each) { return each.second.given_up && !each.second.running; });
  if (none_left && !std::exchange(failed_, true))
    on_failed_(lost.last);
}

/// Who is first takes them; who is busy looks between two micro-batches.
void device_supervisor::tell_devices(const queries_wait& some) {
  for (const auto& [number, slot] : slots_)
    if (slot.running)
      tell(slot.running, some);
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

/// Whether what ended the device is of the kind that a fresh start, or time, can cure.
bool device_supervisor::may_come_back(const device_slot& ended) {
  if (is_short_of_memory(ended.last))
    return ended.config.embedder.recovers;
  // A driver that is being reset refuses the model for a while; a device that never worked will not.
  return ended.last.kind == failure_kind::device_lost ||
         (ended.was_ready && ended.last.kind == failure_kind::device_unavailable);
}

device_supervisor::device_slot* device_supervisor::find(std::uint32_t device) {
  const auto found = slots_.find(device);
  return found == slots_.end() ? nullptr : &found->second;
}

} // namespace trainyard
