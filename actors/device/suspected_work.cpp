// Work that may be what ended its workers: taken one at a time, and coordinators hear of it before it is
// touched.
#include "actors/device/fetch_machine.hpp"
#include "actors/log.hpp"
#include "messages/codec.hpp"

namespace trainyard {

namespace {

constexpr std::chrono::milliseconds pause_before_saying_again(1'000);
constexpr ticket no_result = ticket{1} << 63U; ///< sets the word's message id apart from the result's

} // namespace

/// One at a time: of two that were begun when this worker ends, nobody could tell which it was.
void fetch_machine::suspect(ticket number) {
  suspected_.push_back(number);
  if (suspected_.size() == 1)
    begin_next_suspect();
}

void fetch_machine::begin_next_suspect() {
  while (!suspected_.empty() && !book_.find(suspected_.front()))
    suspected_.pop_front(); // handed back meanwhile
  if (suspected_.empty())
    return;
  const auto& work = *book_.find(suspected_.front())->work;
  log(log_level::warn, "fetcher",
      "batch " + std::to_string(work.batch) + " of " + work.session +
          " was given to others, and none of them brought it to an end; it is begun with care");
  announce(suspected_.front());
}

void fetch_machine::announce(ticket number) {
  const auto* held = book_.find(number);
  if (!held)
    return;
  link_.publish_result(held->work->session, held->work->batch, number | no_result,
                       to_msgpack(begun_batch(*held->work, us_, number)),
                       [tell = ports_.self.tell, number](publish_outcome outcome) {
                         tell(work_announced{number, static_cast<int>(outcome)});
                       });
}

void fetch_machine::on(const work_announced& answer) {
  if (!book_.find(answer.ticket))
    return;
  const auto outcome = static_cast<publish_outcome>(answer.outcome);
  if (outcome == publish_outcome::full || outcome == publish_outcome::unknown)
    return ports_.self.tell_later(pause_before_saying_again, announce_again{answer.ticket});
  read(answer.ticket);
}

} // namespace trainyard
