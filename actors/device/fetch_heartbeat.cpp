// What a worker says of itself while it works, and when it has nothing to do.
#include "actors/device/fetch_machine.hpp"
#include "messages/codec.hpp"

namespace trainyard {

namespace {

constexpr std::uint32_t most_ticks_kept_back = 8;
/// Longer than a batch that lies ready takes from the queue to here.
constexpr std::chrono::milliseconds idle_after(200);

} // namespace

void fetch_machine::on(const working_tick&) {
  if (credit_kept_back_ > 0 && --ticks_until_more_ == 0) {
    ticks_until_more_ = ticks_kept_back_ = std::min(2 * ticks_kept_back_, most_ticks_kept_back);
    use_all_credit();
  }
  for (const auto& [number, held] : book_.all())
    link_.still_working(held.ack_subject);
  ports_.self.tell_later(config_.working_interval, working_tick{});
}

void fetch_machine::on(const heartbeat_tick&) {
  refill(); // a slow device may be near enough to its end by now
  say_alive();
  ports_.self.tell_later(config_.heartbeat_interval, heartbeat_tick{});
}

/// Coordinators hear of it at once: whoever has nothing to do can help with what others hold.
void fetch_machine::hands_are_empty() {
  empty_since_ = ports_.now();
  look_for_idleness();
}

void fetch_machine::look_for_idleness() {
  if (!std::exchange(idle_tick_due_, true))
    ports_.self.tell_later(idle_after, idle_tick{});
}

void fetch_machine::on(const idle_tick&) {
  idle_tick_due_ = false;
  if (is_idle())
    say_alive();
  else if (empty_since_ && can_work())
    look_for_idleness(); // work came, and is done already
}

bool fetch_machine::is_idle() const {
  return empty_since_ && ports_.now() - *empty_since_ >= idle_after && can_work();
}

void fetch_machine::say_alive() {
  if (config_.heartbeat_subject.empty())
    return;
  auto beat =
      figures_.heartbeat(draining_ ? 0 : credit_.target(ports_.now()), book_.size(), draining_, ports_.now());
  beat.idle = is_idle();
  link_.publish_event(config_.heartbeat_subject, to_msgpack(beat));
}

} // namespace trainyard
