// A process: runs what it is sent in order, may be halted (SIGSTOP) and woken, and may be killed at any step.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <utility>

#include "tests/simulation/timeline.hpp"

namespace trainyard::simulation {

/// Thrown by the disk at the step at which a process is to die; passes through the product's code, which
/// catches only std::exception.
struct process_killed {};

/// Shared with everything that may still send to it. A dead one takes nothing.
class simulated_process : public std::enable_shared_from_this<simulated_process> {
public:
  explicit simulated_process(timeline& time) : time_(time) {}

  void post(std::function<void()> what) { post_later(duration::zero(), std::move(what)); }
  void post_later(duration delay, std::function<void()> what) {
    time_.after(delay, [self = shared_from_this(), what = std::move(what)]() mutable {
      self->take(std::move(what));
    });
  }
  void halt() { halted_ = true; }
  void wake() {
    halted_ = false;
    for (auto& each : std::exchange(waiting_, {}))
      post(std::move(each));
  }
  void die() {
    alive_ = false;
    waiting_.clear();
  }
  [[nodiscard]] bool alive() const { return alive_; }
  [[nodiscard]] bool halted() const { return halted_; }

  std::function<void()> on_killed;  ///< the disk killed it in the middle of something
  std::function<void()> after_each; ///< looks at what has become of it

private:
  void take(std::function<void()> what) {
    if (!alive_)
      return;
    if (halted_)
      return waiting_.push_back(std::move(what));
    try {
      what();
      if (alive_ && after_each)
        after_each();
    } catch (const process_killed&) {
      on_killed();
    }
  }

  timeline& time_;
  bool alive_ = true;
  bool halted_ = false;
  std::deque<std::function<void()>> waiting_;
};

} // namespace trainyard::simulation
