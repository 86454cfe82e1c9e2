// The window's rules.
#include "actors/coordinator/dispatch_window.hpp"

#include <algorithm>

namespace trainyard {

namespace {

constexpr std::chrono::milliseconds first_pause{100};
constexpr std::chrono::milliseconds longest_pause{5'000};

constexpr std::uint32_t overdue_when_stuck = 2;

std::chrono::milliseconds pause_after(std::uint32_t failed_publishes) {
  const auto doublings = std::min<std::uint32_t>(failed_publishes - 1, 6);
  return std::min(longest_pause, first_pause * (1 << doublings));
}

} // namespace

dispatch_window::dispatch_window(window_limits limits) : limits_(limits) {
  limits_.max_in_flight = std::max<std::size_t>(limits_.max_in_flight, 1);
  limits_.max_spread = std::max<std::uint64_t>(limits_.max_spread, 1);
}

void dispatch_window::set_planned(std::uint64_t count) {
  planned_ = std::max(planned_, count);
  advance();
}

std::optional<dispatch> dispatch_window::next(time_point now) {
  if (stopped_)
    return std::nullopt;
  if (auto repeated = again(now))
    return repeated;
  while (cursor_ < planned_ && open_.size() < limits_.max_in_flight &&
         cursor_ - first_open() < limits_.max_spread) {
    const auto batch = cursor_;
    if (!finished_.contains(batch)) {
      open_[batch] = {1, 0, false, now + limits_.retry_after, 0};
      ++cursor_;
      return dispatch{batch, 1};
    }
    ++cursor_;
    advance();
  }
  return std::nullopt;
}

std::optional<dispatch> dispatch_window::again(time_point now) {
  for (auto& [batch, open] : open_) {
    if (!open.waiting || open.due > now)
      continue;
    open.waiting = false;
    open.due = now + limits_.retry_after;
    --waiting_;
    return dispatch{batch, open.attempt};
  }
  return std::nullopt;
}

void dispatch_window::published_failed(std::uint64_t batch, time_point now) {
  const auto at = open_.find(batch);
  if (at == open_.end() || at->second.waiting)
    return;
  auto& open = at->second;
  open.failed_publishes = std::min<std::uint32_t>(open.failed_publishes + 1, 1'000);
  open.waiting = true;
  open.due = now + pause_after(open.failed_publishes);
  ++waiting_;
}

bool dispatch_window::finish(std::uint64_t batch) {
  if (const auto at = open_.find(batch); at != open_.end()) {
    waiting_ -= at->second.waiting ? 1 : 0;
    open_.erase(at);
  } else if (batch < cursor_ || batch >= planned_ || finished_.contains(batch)) {
    return false; // what the cursor has passed and is not open is finished
  }
  if (batch >= first_open_)
    finished_.insert(batch);
  advance();
  return true;
}

bool dispatch_window::reopen(std::uint64_t batch, std::uint32_t attempt) {
  if (batch >= planned_ || open_.contains(batch) || (batch >= cursor_ && !finished_.contains(batch)))
    return false;
  finished_.erase(batch);
  open_[batch] = {attempt, 0, true, time_point::min(), 0};
  ++waiting_;
  return true;
}

bool dispatch_window::repeat(std::uint64_t batch, std::uint32_t attempt) {
  const auto at = open_.find(batch);
  if (at == open_.end())
    return false;
  waiting_ += at->second.waiting ? 0 : 1;
  at->second.attempt = attempt;
  at->second.waiting = true;
  at->second.due = time_point::min();
  return true;
}

std::vector<dispatch> dispatch_window::overdue(time_point now) {
  std::vector<dispatch> late;
  if (stopped_)
    return late;
  for (auto& [batch, open] : open_) {
    if (open.waiting || open.due > now)
      continue;
    const auto doublings = std::min(open.overdue, 4U);
    ++open.overdue;
    open.due = now + limits_.retry_after * (1 << doublings);
    late.push_back({batch, ++open.attempt});
  }
  return late;
}

bool dispatch_window::is_stuck(std::uint64_t batch) const {
  const auto at = open_.find(batch);
  return at != open_.end() && at->second.overdue >= overdue_when_stuck;
}

std::vector<std::uint64_t> dispatch_window::open_batches() const {
  std::vector<std::uint64_t> batches;
  for (const auto& [batch, open] : open_)
    batches.push_back(batch);
  return batches;
}

std::uint64_t dispatch_window::first_open() const {
  return open_.empty() ? first_open_ : std::min(first_open_, open_.begin()->first);
}

void dispatch_window::advance() {
  while (first_open_ < planned_ && !open_.contains(first_open_)) {
    if (first_open_ >= cursor_ && !finished_.contains(first_open_))
      return;
    finished_.erase(first_open_);
    cursor_ = std::max(cursor_, ++first_open_);
  }
}

} // namespace trainyard
