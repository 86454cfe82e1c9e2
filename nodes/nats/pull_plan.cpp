// Sweep, rest, hold off.
#include "nodes/nats/pull_plan.hpp"

#include <algorithm>
#include <numeric>

namespace trainyard {

namespace {

using std::chrono::milliseconds;
constexpr milliseconds empty_hold{100};   // after "no messages"
constexpr milliseconds refused_hold{100}; // after 409: too many waiting, too much unacknowledged
constexpr milliseconds absent_hold{500};  // nobody there, or no answer: without it a leaf node's 503 loops
constexpr milliseconds grace{1'000};      // past a request's end before it counts as unanswered
constexpr milliseconds shortest_rest{250};
constexpr milliseconds longest_rest{1'000};

} // namespace

std::size_t pull_plan::add_source(int rank) {
  sources_.push_back({rank, {}, {}});
  by_rank_.resize(sources_.size());
  std::iota(by_rank_.begin(), by_rank_.end(), std::size_t{0});
  std::ranges::stable_sort(by_rank_, [&](auto a, auto b) { return sources_[a].rank > sources_[b].rank; });
  return sources_.size() - 1;
}

milliseconds pull_plan::patience(const pull_request& request) const {
  return request.heartbeat.count() > 0 ? 2 * request.heartbeat + grace / 2 : request.wait + grace;
}

pull_request pull_plan::ask(std::size_t from, std::size_t deliveries, milliseconds wait, time now) {
  pull_request request{next_id_++, from, deliveries, wait, milliseconds(0)};
  if (heartbeat_.count() > 0 && wait >= 2 * heartbeat_) // the server refuses more frequent ones
    request.heartbeat = heartbeat_;
  ledger_.open(request.id, from, deliveries, now + patience(request));
  return request;
}

std::vector<pull_request> pull_plan::next(time now) {
  const auto free = ledger_.free();
  if (free == 0 || sources_.empty())
    return {};
  if (sources_.size() == 1)
    return now < sources_[0].hold_until ? std::vector<pull_request>()
                                        : std::vector{ask(0, free, expires_, now)};
  if (ledger_.is_open(sweep_))
    return {}; // its answer goes on from here
  for (const auto each : by_rank_) {
    const auto& at = sources_[each];
    // Where a request waits there is nothing to find.
    if (now < at.empty_until || now < at.hold_until || ledger_.requested(each) > 0)
      continue;
    auto request = ask(each, free, milliseconds(0), now);
    sweep_ = request.id;
    return {request};
  }
  return rest(now);
}

std::vector<pull_request> pull_plan::rest(time now) {
  std::vector<std::size_t> open;
  std::ranges::copy_if(by_rank_, std::back_inserter(open),
                       [&](auto each) { return now >= sources_[each].hold_until; });
  if (open.empty())
    return {};
  const auto free = ledger_.free();
  const auto odd = free % open.size();
  std::vector<pull_request> requests;
  for (std::size_t i = 0; i < open.size(); ++i) {
    const auto place = (i + open.size() - turn_ % open.size()) % open.size();
    const auto share = free / open.size() + (place < odd ? 1 : 0);
    if (share > 0)
      requests.push_back(ask(open[i], share, std::min(rest_, expires_), now));
  }
  turn_ += odd;
  return requests;
}

void pull_plan::not_sent(std::uint64_t id, time now) {
  const auto end = ledger_.settle_all_of(id);
  if (end.known)
    sources_[end.source].hold_until = now + absent_hold;
}

bool pull_plan::take(std::size_t from, time now) {
  if (!ledger_.take(from))
    return false;
  sources_[from].empty_until = now;
  rest_ = shortest_rest;
  return true;
}

bool pull_plan::status(std::uint64_t id, int code, bool has_pending, std::size_t pending, time now) {
  if (code == 100) {
    ledger_.heard(id, now + 2 * heartbeat_ + grace / 2);
    return false;
  }
  const auto end = has_pending ? ledger_.settle(id, pending) : ledger_.settle_all_of(id);
  if (!end.known)
    return false;
  auto& at = sources_[end.source];
  if (id == sweep_)
    at.empty_until = now + empty_hold;
  else if (code == 408 && end.undelivered == end.asked)
    rest_ = std::min(2 * rest_, longest_rest);
  if (code == 408)
    return false;
  at.hold_until = now + (code == 404 ? milliseconds(0) : code == 409 ? refused_hold : absent_hold);
  return code == 409;
}

std::vector<std::size_t> pull_plan::expire(time now) {
  auto owing = ledger_.expire(now);
  for (const auto each : owing)
    sources_[each].hold_until = now + absent_hold;
  return owing;
}

void pull_plan::forget_requests() {
  ledger_.forget_requests();
  sweep_ = 0;
}

} // namespace trainyard
