// An actor system for one test; actors are ended explicitly, so that nothing outlives it.
#pragma once

#include "actors/caf_messages.hpp"

namespace trainyard::testing {

class actor_bench {
public:
  actor_bench() {
    static const bool registered = (register_messages(), true);
    (void)registered;
    set_scheduler_threads(config_, 2);
    system_ = std::make_unique<caf::actor_system>(config_);
  }

  [[nodiscard]] caf::actor_system& system() { return *system_; }
  /// Stops the actor, waits until its state is gone, and lets go of the handle.
  void end(actor& who) {
    if (!who)
      return;
    tell(who, stop{});
    wait(who);
  }
  /// Waits for an actor that ends by itself, and lets go of the handle.
  void wait(actor& who) {
    caf::scoped_actor waiting(*system_);
    waiting->wait_for(who);
    who = nullptr;
  }

private:
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
};

} // namespace trainyard::testing
