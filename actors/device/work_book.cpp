// States of held batches and loads of devices.
#include "actors/device/work_book.hpp"

#include <algorithm>

namespace trainyard {

void work_book::device_up(std::uint32_t device, std::size_t slots) {
  devices_[device].slots = slots;
}

std::vector<ticket> work_book::device_down(std::uint32_t device, bool suspects_work) {
  devices_.erase(device);
  std::vector<ticket> orphans;
  held_work* first = nullptr;
  for (auto& [number, held] : held_) {
    if (held.state != work_state::embedding || held.device != device)
      continue;
    held.state = work_state::ready;
    if (first == nullptr || held.assigned < first->assigned)
      first = &held;
    orphans.push_back(number);
  }
  if (suspects_work && first != nullptr)
    ++first->devices_lost;
  return orphans;
}

ticket work_book::add(std::string ack_subject, std::shared_ptr<const work_batch> work) {
  auto& held = held_[next_];
  held.ack_subject = std::move(ack_subject);
  held.work = std::move(work);
  return next_++;
}

held_work* work_book::find(ticket number) {
  const auto found = held_.find(number);
  return found == held_.end() ? nullptr : &found->second;
}

void work_book::prepared(ticket number, std::shared_ptr<const prepared_batch> batch) {
  auto* held = find(number);
  if (!held || held->state != work_state::reading)
    return;
  held->prepared = std::move(batch);
  held->state = work_state::ready;
}

std::optional<std::pair<ticket, std::uint32_t>> work_book::assign() {
  const auto free = [](const auto& each) { return each.second.used < each.second.slots; };
  const auto less_loaded = [&](const auto& left, const auto& right) {
    return free(left) != free(right) ? free(left) : left.second.used < right.second.used;
  };
  const auto device = std::ranges::min_element(devices_, less_loaded);
  const auto ready =
      std::ranges::find_if(held_, [](const auto& each) { return each.second.state == work_state::ready; });
  if (device == devices_.end() || !free(*device) || ready == held_.end())
    return std::nullopt;
  ++device->second.used;
  ready->second.state = work_state::embedding;
  ready->second.device = device->first;
  ready->second.assigned = ++assignments_;
  return std::pair{ready->first, device->first};
}

void work_book::finished(ticket number, std::shared_ptr<const std::vector<std::byte>> result) {
  auto* held = find(number);
  if (!held || held->state == work_state::reading || held->state == work_state::publishing)
    return;
  if (held->state == work_state::embedding)
    free_slot(held->device);
  held->state = work_state::publishing;
  held->prepared.reset();
  held->result = std::move(result);
}

void work_book::replace_result(ticket number, std::shared_ptr<const std::vector<std::byte>> result) {
  if (auto* held = find(number); held && held->state == work_state::publishing)
    held->result = std::move(result);
}

void work_book::release(ticket number) {
  if (const auto* held = find(number); held && held->state == work_state::embedding)
    free_slot(held->device);
  held_.erase(number);
}

void work_book::free_slot(std::uint32_t device) {
  if (const auto load = devices_.find(device); load != devices_.end() && load->second.used > 0)
    --load->second.used;
}

std::optional<ticket> work_book::holding(const work_batch& work) const {
  for (const auto& [number, held] : held_)
    if (held.work->batch == work.batch && held.work->piece == work.piece &&
        held.work->session == work.session)
      return number;
  return std::nullopt;
}

bool work_book::has_unfinished() const {
  return std::ranges::any_of(held_,
                             [](const auto& each) { return each.second.state != work_state::publishing; });
}

} // namespace trainyard
