// A thin shell: each message is one step of a batch's way through work_book.
#include "actors/device/fetcher.hpp"

#include <algorithm>
#include <set>

#include "actors/log.hpp"
#include "messages/codec.hpp"

namespace trainyard {

namespace {

constexpr std::chrono::milliseconds retry_delay(1'000);

std::string describe(const work_batch& work) {
  return "batch " + std::to_string(work.batch) + " of " + work.session;
}

} // namespace

fetcher::fetcher(caf::event_based_actor& self, fetcher_config config, worker_link& link, reader_pool& readers,
                 drained_sink on_drained)
    : self_(self), config_(std::move(config)), link_(link), readers_(readers),
      on_drained_(std::move(on_drained)), figures_(config_.heartbeat) {}

caf::message_handler fetcher::handlers() {
  tell_later(handle_of(self_), config_.working_interval, working_tick{});
  tell(handle_of(self_), heartbeat_tick{});
  return caf::message_handler{
      [this](const work_delivered& arrived) { accept(*arrived.work); },
      [this](const batch_prepared& ready) {
        book_.prepared(ready.ticket, ready.batch);
        dispatch();
      },
      [this](const device_ready& up) { device_up(up); },
      [this](const device_lost& down) { device_down(down); },
      [this](const batch_embedded& done) { embedded(done); },
      [this](const result_published& answer) { published(answer); },
      [this](const publish_again& again) { publish(again.ticket); },
      [this](const work_acknowledged& gone) { release(gone.ticket); },
      [this](const working_tick&) { say_working(); },
      [this](const heartbeat_tick&) {
        say_alive();
        tell_later(handle_of(self_), config_.heartbeat_interval, heartbeat_tick{});
      },
      [this](const drain_work&) { drain(); },
  };
}

void fetcher::device_up(const device_ready& up) {
  supervisor_ = up.supervisor;
  book_.device_up(up.device, config_.slots);
  figures_.device_is(up.device, "ready");
  if (!draining_ && credited_.insert(up.device).second)
    link_.add_credit(config_.slots + config_.prefetch);
  dispatch();
}

void fetcher::accept(const delivery& work) {
  auto decoded = decode<work_batch>(work.payload);
  if (!decoded || decoded->schema != wire_schema) {
    const auto cause =
        decoded ? "schema " + std::to_string(decoded->schema) + " is not ours" : decoded.error().cause;
    log(log_level::error, "fetcher", "dropped an undecodable batch on " + work.subject + ": " + cause);
    link_.ack_work(work.ack_subject, [](bool) {});
    return draining_ ? void() : link_.add_credit(1);
  }
  if (draining_ || !is_ours(*decoded)) {
    link_.hand_back(work.ack_subject, draining_ ? std::chrono::milliseconds(0) : retry_delay);
    return draining_ ? void() : link_.add_credit(1);
  }
  if (const auto held =
          book_.holding(decoded->session, decoded->batch)) { // redelivered while we still have it
    book_.find(*held)->ack_subject = work.ack_subject;
    return link_.add_credit(1);
  }
  auto batch = std::make_shared<const work_batch>(std::move(*decoded));
  const auto number = book_.add(work.ack_subject, batch);
  readers_.submit(batch, [me = handle_of(self_), number](std::shared_ptr<const prepared_batch> ready) {
    tell(me, batch_prepared{number, std::move(ready)});
  });
}

/// A worker with another model or without the root leaves the batch to those that have it.
bool fetcher::is_ours(const work_batch& work) {
  std::string why;
  if (work.space_id != config_.space_id)
    why = "its space is " + work.space_id + ", and this worker's model gives " + config_.space_id;
  else if (!config_.roots.empty() && !config_.roots.contains(work.root))
    why = "this worker has no root named '" + work.root + "' (--root " + work.root + "=PATH)";
  if (!why.empty() && strange_.insert(work.session + why).second)
    log(log_level::warn, "fetcher", "work of " + work.session + " is left to others: " + why);
  return why.empty();
}

void fetcher::dispatch() {
  while (const auto next = book_.assign())
    tell(supervisor_, embed_batch{next->first, next->second, book_.find(next->first)->prepared});
}

void fetcher::device_down(const device_lost& down) {
  figures_.device_is(down.device, down.suspects_work ? "lost" : "quarantined");
  for (const auto number : book_.device_down(down.device, down.suspects_work)) {
    if (book_.find(number)->devices_lost >= config_.most_devices_lost)
      give_up(number);
  }
  dispatch();
}

/// Three devices died with this batch: it would take every other one down, here or elsewhere, for ever.
void fetcher::give_up(ticket number) {
  const auto& held = *book_.find(number);
  fail_all(number, held.prepared->failed,
           std::to_string(held.devices_lost) + " devices were lost with this batch in hand");
}

/// Ends a batch without a device: what is not in `failed` yet fails for `reason`.
void fetcher::fail_all(ticket number, std::vector<failed_asset> failed, const std::string& reason) {
  const auto& work = *book_.find(number)->work;
  log(log_level::error, "fetcher", describe(work) + " is given up: " + reason);
  batch_result ended;
  ended.session = work.session;
  ended.batch = work.batch;
  ended.attempt = work.attempt;
  ended.node = config_.node;
  ended.device = "none";
  ended.device_kind = "none";
  ended.precision = config_.precision;
  ended.space_id = config_.space_id;
  ended.dtype = work.dtype;
  ended.dim = config_.dim;
  std::set<std::uint32_t> known;
  for (const auto& each : failed)
    known.insert(each.position);
  ended.failed = std::move(failed);
  for (std::uint32_t position = 0; position < work.assets.size(); ++position)
    if (!known.contains(position))
      ended.failed.push_back({position, static_cast<std::uint32_t>(failure_kind::forward_failed), reason});
  std::ranges::sort(ended.failed, {}, &failed_asset::position);
  const auto encoded = std::make_shared<const std::vector<std::byte>>(to_msgpack(ended));
  book_.finished(number, encoded);
  book_.replace_result(number, encoded);
  publish(number);
}

void fetcher::embedded(const batch_embedded& done) {
  const auto* held = book_.find(done.ticket);
  if (!held || held->state != work_state::embedding)
    return; // handed back meanwhile, or a device that was given up as lost came back with it
  book_.finished(done.ticket, std::make_shared<const std::vector<std::byte>>(to_msgpack(*done.result)));
  figures_.embedded(done.device, *done.result, std::chrono::steady_clock::now());
  dispatch();
  publish(done.ticket);
}

void fetcher::publish(ticket number) {
  const auto* held = book_.find(number);
  if (!held || !held->result)
    return;
  link_.publish_result(held->work->session, held->work->batch, number, *held->result,
                       [me = handle_of(self_), number](publish_outcome outcome) {
                         tell(me, result_published{number, static_cast<int>(outcome)});
                       });
}

void fetcher::published(const result_published& answer) {
  const auto* held = book_.find(answer.ticket);
  if (!held)
    return;
  const auto outcome = static_cast<publish_outcome>(answer.outcome);
  if (outcome == publish_outcome::refused && refused_.insert(answer.ticket).second)
    return fail_all(answer.ticket, {}, "the batch's result is larger than the server takes");
  if (outcome == publish_outcome::full || outcome == publish_outcome::unknown)
    return tell_later(handle_of(self_), retry_delay, publish_again{answer.ticket});
  link_.ack_work(held->ack_subject, [me = handle_of(self_), number = answer.ticket](bool) {
    tell(me, work_acknowledged{number});
  });
}

void fetcher::release(ticket number) {
  if (!book_.find(number))
    return;
  book_.release(number);
  refused_.erase(number);
  if (!draining_)
    return link_.add_credit(1);
  if (book_.size() == 0)
    on_drained_();
}

void fetcher::drain() {
  if (std::exchange(draining_, true))
    return;
  link_.close_work();
  say_alive(); // so that coordinators stop counting on it at once
  std::vector<ticket> not_begun;
  for (const auto& [number, held] : book_.all())
    if (held.state == work_state::reading || held.state == work_state::ready) {
      link_.hand_back(held.ack_subject, std::chrono::milliseconds(0));
      not_begun.push_back(number);
    }
  for (const auto number : not_begun)
    book_.release(number);
  if (book_.size() == 0)
    on_drained_();
}

void fetcher::say_working() {
  for (const auto& [number, held] : book_.all())
    link_.still_working(held.ack_subject);
  tell_later(handle_of(self_), config_.working_interval, working_tick{});
}

void fetcher::say_alive() {
  if (config_.heartbeat_subject.empty())
    return;
  const auto credit = draining_ ? 0 : credited_.size() * (config_.slots + config_.prefetch);
  const auto beat = figures_.heartbeat(credit, book_.size(), draining_, std::chrono::steady_clock::now());
  link_.publish_event(config_.heartbeat_subject, to_msgpack(beat));
}

} // namespace trainyard
