// From a device back to the queue: a result is stored first, then its batch is acknowledged, then there is
// room for another.
#include "actors/device/fetch_machine.hpp"
#include "actors/device/given_up_batch.hpp"
#include "actors/device/prepared_batch.hpp"
#include "actors/log.hpp"
#include "messages/codec.hpp"

namespace trainyard {

namespace {

constexpr std::chrono::milliseconds pause_before_publishing_again(1'000);

} // namespace

void fetch_machine::on(const batch_embedded& done) {
  const auto* held = book_.find(done.ticket);
  if (!held || held->state != work_state::embedding)
    return; // handed back meanwhile, or a device that was given up as lost came back with it
  book_.finished(done.ticket, std::make_shared<const std::vector<std::byte>>(to_msgpack(*done.result)));
  figures_.embedded(done.device, *done.result, ports_.now());
  credit_.finished(ports_.now(), book_.has_unfinished());
  dispatch();
  publish(done.ticket);
}

/// Three devices died with this batch: it would take every other one down, here or elsewhere, for ever. Its
/// coordinator has its images tried apart.
void fetch_machine::give_up(ticket number) {
  const auto& held = *book_.find(number);
  end_without_device(number, result_kind::gave_up,
                     std::to_string(held.devices_lost) + " devices were lost with this in hand");
}

void fetch_machine::end_without_device(ticket number, result_kind kind, const std::string& reason) {
  const auto& work = *book_.find(number)->work;
  log(log_level::error, "fetcher",
      "batch " + std::to_string(work.batch) + " of " + work.session + " is given up: " + reason);
  const auto encoded =
      std::make_shared<const std::vector<std::byte>>(to_msgpack(given_up_batch(work, us_, kind, reason)));
  book_.finished(number, encoded);
  book_.replace_result(number, encoded);
  publish(number);
}

void fetch_machine::publish(ticket number) {
  const auto* held = book_.find(number);
  if (!held || !held->result)
    return;
  link_.publish_result(held->work->session, held->work->batch, number, *held->result,
                       [tell = ports_.self.tell, number](publish_outcome outcome) {
                         tell(result_published{number, static_cast<int>(outcome)});
                       });
}

void fetch_machine::on(const result_published& answer) {
  const auto* held = book_.find(answer.ticket);
  if (!held)
    return;
  const auto outcome = static_cast<publish_outcome>(answer.outcome);
  if (outcome == publish_outcome::refused && refused_.insert(answer.ticket).second)
    return end_without_device(answer.ticket, result_kind::outcome,
                              "the batch's result is larger than the server takes");
  if (outcome == publish_outcome::full || outcome == publish_outcome::unknown)
    return ports_.self.tell_later(pause_before_publishing_again, publish_again{answer.ticket});
  link_.ack_work(held->ack_subject, [tell = ports_.self.tell, number = answer.ticket](bool) {
    tell(work_acknowledged{number});
  });
}

void fetch_machine::release(ticket number) {
  if (!book_.find(number))
    return;
  book_.release(number);
  refused_.erase(number);
  if (book_.size() == 0)
    hands_are_empty();
  spent();
  if (!suspected_.empty() && suspected_.front() == number) {
    suspected_.pop_front();
    begin_next_suspect();
  }
  if (draining_ && book_.size() == 0)
    ports_.on_drained();
}

} // namespace trainyard
