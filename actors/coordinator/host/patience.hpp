// What a busy server does not answer in time is asked again for a while: a process that has just started has
// nothing better to do.
#pragma once

#include <chrono>
#include <thread>

#include "messages/failure.hpp"

namespace trainyard {

/// Blocks: calls `attempt` until it succeeds, fails for another reason than silence, or half a minute is
/// over.
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
