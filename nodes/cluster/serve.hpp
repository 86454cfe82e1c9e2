// The main thread of a worker or coordinator: starts it, waits for a signal, and sees it to an orderly end.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include <unistd.h>

#include "actors/caf_messages.hpp"
#include "nodes/cluster/end_watch.hpp"
#include "nodes/node_events.hpp"
#include "nodes/service/notice.hpp"
#include "nodes/signals.hpp"
#include "nodes/terminal/console.hpp"

namespace trainyard {

/// What is said on stderr.
struct role_words {
  std::string role;     ///< "Worker"
  std::string ready;    ///< behind its name: "takes work until it is stopped"
  std::string stopping; ///< at the first signal
  std::string left;     ///< what becomes of what is not done when the patience is over
};

/// The next event; nothing when `deadline` passes first. Whoever keeps the process hears meanwhile that it
/// lives.
[[nodiscard]] inline std::optional<node_event> next_event(node_events& events,
                                                          std::optional<node_events::time_point> deadline,
                                                          const service_notice& notice) {
  const auto beat = notice.sign_of_life_after();
  for (;;) {
    const auto now = node_events::time_point::clock::now();
    const bool beats_first = beat && (!deadline || now + *beat < *deadline);
    auto event = events.pop(beats_first ? std::optional(now + *beat) : deadline);
    if (event || !beats_first)
      return event;
    notice.alive();
  }
}

/// Process: default constructible, result<void> start(settings, node_events&), void drain(), node(). A second
/// signal ends the process at once, and so does a drain that takes as long as the patience, with the
/// destruction of what has drained or failed: the server does not answer, or a device or disk is stuck, and
/// waiting would not help. Returns the exit status.
template <class Process>
[[nodiscard]] int serve(const settings& from, const role_words& words,
                        std::chrono::milliseconds patience = std::chrono::seconds(20)) {
  using clock = std::chrono::steady_clock;
  const auto notice = service_notice::of_environment();
  console screen(from);
  node_events events;
  const signal_watch signals([&events, asked = false](int number) mutable {
    if (std::exchange(asked, true))
      ::_exit(128 + number); // others take over when the leases run out
    events.push({node_event::what::signal});
  });
  register_messages();
  end_watch last;
  const auto ends_with = [&](int status, clock::time_point deadline) {
    last.arm(deadline, status, words.role);
    return status;
  };
  Process process;
  if (const auto started = process.start(from, events); !started) {
    screen.error(started.error());
    return ends_with(exit_status_of(started.error().kind), clock::now() + patience);
  }
  const auto ready = words.role + " " + process.node() + " " + words.ready;
  screen.say(ready);
  notice.ready(ready);
  std::optional<node_events::time_point> deadline;
  for (;;) {
    const auto event = next_event(events, deadline, notice);
    if (!event) {
      screen.say(words.left);
      ::_exit(0);
    }
    switch (event->kind) {
    case node_event::what::signal:
      screen.say("Stopping: " + words.stopping + " (once more to stop at once)");
      notice.stopping(words.stopping);
      process.drain();
      deadline = clock::now() + patience;
      break;
    case node_event::what::link_lost:
      notice.status("no NATS server answers; trying again until one does");
      break;
    case node_event::what::link_back:
      notice.status(deadline ? words.stopping : ready);
      break;
    case node_event::what::drained:
      return ends_with(0, std::max(deadline.value_or(clock::now() + patience), clock::now() + patience / 10));
    case node_event::what::failed:
      screen.error(event->why);
      return ends_with(exit_status_of(event->why.kind), clock::now() + patience);
    }
  }
}

} // namespace trainyard
