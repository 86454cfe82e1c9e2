// The only file that knows which CAF is installed (0.17.6 to 1.x): five verbs, one actor template, one macro.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include <caf/all.hpp>
#include <caf/config.hpp>

// CAF_VERSION is malformed in 1.x releases (an octal 0100), so only the major and minor numbers are read.
#define TRAINYARD_CAF_HAS_MAIL (CAF_MAJOR_VERSION >= 1)
#define TRAINYARD_CAF_HAS_TYPE_IDS (CAF_MAJOR_VERSION >= 1 || CAF_MINOR_VERSION >= 18)

#if TRAINYARD_CAF_HAS_MAIL
#include <caf/anon_mail.hpp>
#endif

#if TRAINYARD_CAF_HAS_TYPE_IDS
#define TRAINYARD_MESSAGES_BEGIN CAF_BEGIN_TYPE_ID_BLOCK(trainyard, first_custom_type_id)
#define TRAINYARD_MESSAGE(type) CAF_ADD_TYPE_ID(trainyard, (type))
#define TRAINYARD_MESSAGES_END CAF_END_TYPE_ID_BLOCK(trainyard)
#define TRAINYARD_IN_PROCESS_ONLY(type) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(type)
#else
#define TRAINYARD_MESSAGES_BEGIN
#define TRAINYARD_MESSAGE(type)
#define TRAINYARD_MESSAGES_END
#define TRAINYARD_IN_PROCESS_ONLY(type) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(type)
#endif

namespace trainyard {

using actor = caf::actor;

/// Sends without a sender: from CAF 1.0 a throwing handler would otherwise end the actor that sent to it.
template <class Message>
void tell(const actor& to, Message&& message) {
#if TRAINYARD_CAF_HAS_MAIL
  caf::anon_mail(std::forward<Message>(message)).send(to);
#else
  caf::anon_send(to, std::forward<Message>(message));
#endif
}

template <class Message>
void tell_later(const actor& to, caf::timespan delay, Message&& message) {
#if TRAINYARD_CAF_HAS_MAIL
  caf::anon_mail(std::forward<Message>(message)).delay(delay).send(to);
#else
  caf::delayed_anon_send(to, delay, std::forward<Message>(message));
#endif
}

/// A watched actor is gone, and so is its state: a plain message, so that tests can send it too.
struct actor_down {
  caf::actor_addr who;
  caf::error why;
};

/// `watcher` gets actor_down when `who` ends for any reason; holds neither of them alive.
inline void watch(const actor& watcher, const actor& who) {
  who->attach_functor([to = watcher.address(), from = who.address()](const caf::error& why) {
    if (auto alive = caf::actor_cast<actor>(to))
      tell(alive, actor_down{from, why});
  });
}

/// Ends a hosted actor. Always end actors so: dropping the last handle may destroy the state on a foreign
/// thread.
struct stop {};

/// Hosts a plain state class as an actor. State needs `static constexpr const char* name`, a constructor that
/// takes (caf::event_based_actor&, args...) and only stores, and `caf::message_handler handlers()`, which
/// runs on the actor's own thread and may block in a detached actor. Clean-up lives in State's destructor,
/// never in on_exit.
template <class State>
class hosted final : public caf::event_based_actor {
public:
  template <class... Args>
  explicit hosted(caf::actor_config& config, Args&&... args)
      : caf::event_based_actor(config), state_(std::make_shared<State>(*this, std::forward<Args>(args)...)) {}

  const char* name() const override { return State::name; }

  caf::behavior make_behavior() override {
    auto state =
        std::move(state_); // the behavior becomes the only owner, so the state dies before watchers are told
    auto handlers = state->handlers();
    return handlers.or_else([this, state](const stop&) { quit(); });
  }

private:
  std::shared_ptr<State> state_;
};

/// Runs on its own thread: for whatever blocks (disk, a device).
template <class State, class Spawner, class... Args>
actor spawn_detached(Spawner& spawner, Args&&... args) {
  return spawner.template spawn<hosted<State>, caf::detached>(std::forward<Args>(args)...);
}

/// Shares the scheduler's threads: must never block.
template <class State, class Spawner, class... Args>
actor spawn_scheduled(Spawner& spawner, Args&&... args) {
  return spawner.template spawn<hosted<State>>(std::forward<Args>(args)...);
}

/// Blocks until `who` has ended and its state is gone. Not from a scheduled actor.
inline void wait_for_end(caf::actor_system& system, const actor& who) {
  caf::scoped_actor waiting(system);
  waiting->wait_for(who);
}

/// `call` runs, on a foreign thread, when `who` ends other than by stop: an exception in one of its handlers.
template <class Call>
void on_crash(const actor& who, Call call) {
  who->attach_functor([call = std::move(call)](const caf::error& why) {
    if (why && why != caf::exit_reason::normal)
      call(to_string(why));
  });
}

inline actor handle_of(caf::event_based_actor& self) {
  return caf::actor_cast<actor>(&self);
}

/// `threads` scheduler threads are plenty: detached actors have their own.
inline void set_scheduler_threads(caf::actor_system_config& config, std::size_t threads) {
#if TRAINYARD_CAF_HAS_TYPE_IDS
  config.set("caf.scheduler.max-threads", threads);
#else
  config.set("scheduler.max-threads", threads);
#endif
}

} // namespace trainyard
