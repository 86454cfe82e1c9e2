// From the queue to a device: each message is one step of a batch's way through work_book.
#include "actors/device/fetch_machine.hpp"

#include "actors/device/prepared_batch.hpp"
#include "actors/log.hpp"
#include "messages/codec.hpp"

namespace trainyard {

namespace {

constexpr std::chrono::milliseconds pause_of_strange_work(1'000);

} // namespace

fetch_machine::fetch_machine(fetcher_config config, worker_link& link, fetch_ports ports)
    : config_(std::move(config)), us_{config_.node, config_.precision, config_.space_id, config_.dim,
                                      config_.heartbeat.instance},
      link_(link), ports_(std::move(ports)), figures_(config_.heartbeat, ports_.now()),
      credit_(config_.slots, config_.slots + config_.prefetch) {}

void fetch_machine::start() {
  ports_.self.tell_later(config_.working_interval, working_tick{});
  ports_.self.tell(heartbeat_tick{});
}

void fetch_machine::device_up(std::uint32_t device) {
  book_.device_up(device, config_.slots);
  figures_.device_is(device, "ready");
  up_.insert(device);
  credit_.set_devices(up_.size());
  if (book_.size() == 0)
    hands_are_empty();
  refill();
  dispatch();
}

void fetch_machine::refill() {
  const auto target = draining_ ? 0 : credit_.target(ports_.now());
  if (target > granted_)
    link_.add_credit(target - std::exchange(granted_, target));
}

/// One delivery is in hand no more. (There may have been more than were asked for, after a server's restart.)
void fetch_machine::spent() {
  granted_ -= granted_ > 0 ? 1 : 0;
  refill();
}

/// Each hand-back counts as a delivery of the batch, and often delivered work is suspected: a worker whose
/// whole credit went on work of others asks for more only now and then.
void fetch_machine::spent_on_strange_work() {
  if (++strange_in_a_row_ <= credit_.target(ports_.now()))
    return spent();
  ++credit_kept_back_;
}

void fetch_machine::use_all_credit() {
  for (; credit_kept_back_ > 0; --credit_kept_back_)
    spent();
}

void fetch_machine::on(const work_delivered& arrived) {
  const auto& work = *arrived.work;
  auto decoded = decode<work_batch>(work.payload);
  if (!decoded || decoded->schema != wire_schema) {
    const auto cause =
        decoded ? "schema " + std::to_string(decoded->schema) + " is not ours" : decoded.error().cause;
    log(log_level::error, "fetcher", "dropped an undecodable batch on " + work.subject + ": " + cause);
    link_.ack_work(work.ack_subject, [](bool) {});
    return spent();
  }
  if (draining_) {
    link_.hand_back(work.ack_subject, std::chrono::milliseconds(0));
    return spent();
  }
  if (!is_ours(*decoded)) {
    link_.hand_back(work.ack_subject, pause_of_strange_work);
    return spent_on_strange_work();
  }
  strange_in_a_row_ = 0;
  ticks_kept_back_ = 1;
  use_all_credit();                                // what comes is not all strange
  if (const auto held = book_.holding(*decoded)) { // redelivered while we still have it
    book_.find(*held)->ack_subject = work.ack_subject;
    return spent();
  }
  empty_since_.reset();
  if (!book_.has_unfinished())
    credit_.began(ports_.now());
  const auto trusted =
      decoded->piece.is_whole() ? config_.trusted_deliveries : 1; // its whole had its chances
  const bool suspected = decoded->suspected || work.delivered > trusted;
  const auto number = book_.add(work.ack_subject, std::make_shared<const work_batch>(std::move(*decoded)));
  if (suspected)
    suspect(number);
  else
    read(number);
}

void fetch_machine::read(ticket number) {
  ports_.read(book_.find(number)->work,
              [tell = ports_.self.tell, number](std::shared_ptr<const prepared_batch> ready) {
                tell(batch_prepared{number, std::move(ready)});
              });
}

/// A worker with another model or without the root leaves the batch to those that have it.
bool fetch_machine::is_ours(const work_batch& work) {
  std::string why;
  if (work.space_id != config_.space_id)
    why = "its space is " + work.space_id + ", and this worker's model gives " + config_.space_id;
  else if ((!config_.roots.empty() || config_.takes_remote) && !config_.roots.contains(work.root) &&
           !(work.remote && config_.takes_remote))
    why = "this worker has no root named '" + work.root + "' (--root " + work.root +
          "=PATH), and coordinators do not send its images (--remote-root)";
  else if (!config_.roots.contains(work.root) && config_.is_out_of_reach &&
           config_.is_out_of_reach(work.root))
    why = "no coordinator sends images of root '" + work.root + "' now";
  if (!why.empty() && strange_.insert(work.session + why).second)
    log(log_level::warn, "fetcher", "work of " + work.session + " is left to others: " + why);
  return why.empty();
}

/// Where it was said that the batch begins, it must come to an end here, or coordinators take this worker for
/// dead: it is read again, under the same word.
void fetch_machine::leave_to_others(ticket number) {
  const auto* held = book_.find(number);
  if (!held || held->state != work_state::reading)
    return;
  if (!suspected_.empty() && suspected_.front() == number)
    return ports_.self.tell_later(config_.pause_of_unreachable, announce_again{number});
  link_.hand_back(held->ack_subject, config_.pause_of_unreachable);
  release(number);
}

void fetch_machine::on(const batch_prepared& ready) {
  if (ready.batch->unreachable)
    return leave_to_others(ready.ticket);
  book_.prepared(ready.ticket, ready.batch);
  dispatch();
}

void fetch_machine::dispatch() {
  while (const auto next = book_.assign())
    ports_.embed(embed_batch{next->first, next->second, book_.find(next->first)->prepared});
}

void fetch_machine::on(const device_lost& down) {
  figures_.device_is(down.device, down.suspects_work ? "lost" : "quarantined");
  up_.erase(down.device);
  credit_.set_devices(up_.size());
  for (const auto number : book_.device_down(down.device, down.suspects_work)) {
    if (book_.find(number)->devices_lost >= config_.most_devices_lost)
      give_up(number);
  }
  dispatch();
}

void fetch_machine::on(const drain_work&) {
  if (std::exchange(draining_, true))
    return;
  link_.close_work();
  say_alive(); // so that coordinators stop counting on it at once
  hand_back_unfinished(false);
  if (book_.size() > 0)
    ports_.self.tell_later(config_.drain_patience, drain_overdue{});
}

void fetch_machine::on(const drain_overdue&) {
  if (book_.size() > 0)
    hand_back_unfinished(true); // devices learn of it when they are stopped, which comes next
}

/// What has been announced stays: whoever was told that it is begun would blame it for the end of this
/// worker.
void fetch_machine::hand_back_unfinished(bool begun_too) {
  std::vector<ticket> back;
  for (const auto& [number, held] : book_.all()) {
    const bool waits = held.state == work_state::reading || held.state == work_state::ready;
    if ((waits || (begun_too && held.state == work_state::embedding)) && !can_end_what_it_announced(number)) {
      link_.hand_back(held.ack_subject, std::chrono::milliseconds(0));
      back.push_back(number);
    }
  }
  for (const auto number : back) {
    std::erase(suspected_, number); // nobody shall hear that it is begun
    book_.release(number);
  }
  if (book_.size() == 0)
    ports_.on_drained();
}

} // namespace trainyard
