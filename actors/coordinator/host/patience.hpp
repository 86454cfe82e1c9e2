// What may be otherwise in a moment is waited for: by a session, and by a process that has just started and
// has nothing better to do.
#pragma once

#include <chrono>
#include <thread>

#include "messages/failure.hpp"

namespace trainyard {

/// Here or on another machine: a session that ends so is given back instead of failing.
[[nodiscard]] inline bool may_pass(const failure& why) {
  return why.kind == failure_kind::output_busy || why.kind == failure_kind::disk_full ||
         why.kind == failure_kind::output_unwritable || why.kind == failure_kind::nats_unreachable ||
         why.kind == failure_kind::nats_timeout || why.kind == failure_kind::nats_protocol ||
         why.kind == failure_kind::system_limit;
}

/// For a server that is busy. Blocks: calls `attempt` until it succeeds, fails for another reason than
/// silence, or half a minute is over.
template <class Attempt>
[[nodiscard]] result<void> until_answered(Attempt&& attempt) {
  constexpr std::chrono::seconds patience{30};
  const auto end = std::chrono::steady_clock::now() + patience;
  for (;;) {
    auto outcome = attempt();
    const bool silent = !outcome && (outcome.error().kind == failure_kind::nats_timeout ||
                                     outcome.error().kind == failure_kind::nats_unreachable);
    if (!silent || std::chrono::steady_clock::now() > end)
      return outcome;
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
}

} // namespace trainyard
