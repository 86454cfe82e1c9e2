// An actor's mailbox as its state machine sees it.
#pragma once

#include <utility>
#include <variant>

#include "actors/caf.hpp"
#include "actors/machine_ports.hpp"

namespace trainyard {

/// Each alternative of the variant arrives as itself. Holds the actor weakly: the machine is part of it.
template <class Variant>
[[nodiscard]] mailbox<Variant> mailbox_of(const actor& owner) {
  const auto deliver = [to = owner.address()](Variant&& message, auto&& send) {
    if (const auto alive = caf::actor_cast<actor>(to))
      std::visit([&](auto& each) { send(alive, std::move(each)); }, message);
  };
  mailbox<Variant> own;
  own.tell = [deliver](Variant message) {
    deliver(std::move(message), [](const actor& to, auto each) { trainyard::tell(to, std::move(each)); });
  };
  own.tell_later = [deliver](std::chrono::milliseconds delay, Variant message) {
    deliver(std::move(message),
            [delay](const actor& to, auto each) { trainyard::tell_later(to, delay, std::move(each)); });
  };
  return own;
}

} // namespace trainyard
