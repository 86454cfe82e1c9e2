// Requests that threads wait for, until they are answered or all waiting is ended.
#pragma once

#include <chrono>
#include <memory>

#include "messages/codec.hpp"
#include "nodes/nats/inbox.hpp"

namespace trainyard {

/// Thread safe.
class pending_requests {
public:
  struct answer;
  using handle = std::shared_ptr<answer>;

  explicit pending_requests(std::shared_ptr<inbox> box);
  ~pending_requests(); ///< stop()
  pending_requests(const pending_requests&) = delete;
  pending_requests& operator=(const pending_requests&) = delete;

  [[nodiscard]] handle ask(request what);
  /// Blocks; once for each handle. `interrupted` after stop(). One that is not waited for costs nothing.
  [[nodiscard]] result<nats_message> wait(const handle& which);
  /// False, and at once, after stop().
  bool pause(std::chrono::milliseconds time);
  void stop();
  [[nodiscard]] const std::shared_ptr<connection>& link() const;

private:
  struct state;
  std::shared_ptr<inbox> box_;
  std::shared_ptr<state> state_; ///< callbacks hold it too: they may come late
};

[[nodiscard]] failure interrupted_wait();

/// What a coordinator says: a T, or the failure that an error_reply tells.
template <wire_struct T>
[[nodiscard]] result<T> answer_in(const nats_message& message);

/// Nobody was there, no answer came in time, or a coordinator was busy or at a limit of its machine: asking
/// again may help, and says nothing of what was asked for.
[[nodiscard]] inline bool is_worth_asking_again(const failure& why) {
  return why.kind == failure_kind::nats_unreachable || why.kind == failure_kind::nats_timeout ||
         why.kind == failure_kind::coordinator_busy || why.kind == failure_kind::system_limit;
}
/// Of those, what says that nobody serves it.
[[nodiscard]] inline bool is_silence(const failure& why) {
  return why.kind == failure_kind::nats_unreachable || why.kind == failure_kind::nats_timeout;
}

[[nodiscard]] failure refusal_of(const nats_message& message, const failure& otherwise);

template <wire_struct T>
result<T> answer_in(const nats_message& message) {
  auto value = decode<T>(message.payload);
  if (!value)
    return tl::unexpected(refusal_of(message, value.error()));
  return value;
}

} // namespace trainyard
