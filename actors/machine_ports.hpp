// What a state machine needs of whatever runs it, an actor or a simulation: the time, and a mailbox of its
// own.
#pragma once

#include <chrono>
#include <functional>

namespace trainyard {

/// Monotonic. Called by the machine only.
using time_source = std::function<std::chrono::steady_clock::time_point()>;

/// Copyable. Both may be called from any thread, also after the machine is gone (the message is then
/// dropped), and return at once. A message told is handled after those that wait already, on the machine's
/// own thread.
template <class Message>
struct mailbox {
  std::function<void(Message)> tell;
  std::function<void(std::chrono::milliseconds delay, Message)> tell_later;
};

} // namespace trainyard
