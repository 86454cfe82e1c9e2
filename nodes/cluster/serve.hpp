// The main thread of a worker or coordinator: starts it, waits for a signal, and sees it to an orderly end.
#pragma once

#include <string>
#include <utility>

#include <unistd.h>

#include "actors/caf_messages.hpp"
#include "nodes/node_events.hpp"
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

/// Process: default constructible, result<void> start(settings, node_events&), void drain(), node(). A second
/// signal ends the process at once, and so does a drain that takes 20 s: the server does not answer, or a
/// device is stuck, and waiting would not help. Returns the exit status.
template <class Process>
[[nodiscard]] int serve(const settings& from, const role_words& words) {
  constexpr std::chrono::seconds drain_deadline(20);
  console screen(from);
  node_events events;
  const signal_watch signals([&events, asked = false](int number) mutable {
    if (std::exchange(asked, true))
      ::_exit(128 + number); // others take over when the leases run out
    events.push({node_event::what::signal});
  });
  register_messages();
  Process process;
  if (const auto started = process.start(from, events); !started) {
    screen.error(started.error());
    return exit_status_of(started.error().kind);
  }
  screen.say(words.role + " " + process.node() + " " + words.ready);
  std::optional<node_events::time_point> deadline;
  for (;;) {
    const auto event = events.pop(deadline);
    if (!event) {
      screen.say(words.left);
      ::_exit(0);
    }
    switch (event->kind) {
    case node_event::what::signal:
      screen.say("Stopping: " + words.stopping + " (once more to stop at once)");
      process.drain();
      deadline = std::chrono::steady_clock::now() + drain_deadline;
      break;
    case node_event::what::drained:
      return 0;
    case node_event::what::failed:
      screen.error(event->why);
      return exit_status_of(event->why.kind);
    }
  }
}

} // namespace trainyard
