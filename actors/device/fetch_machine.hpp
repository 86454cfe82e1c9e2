// A worker's way of a batch as a state machine: taken for open credit, read, given to a device, its result
// published, then acknowledged. No CAF, no threads, no torch.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <variant>

#include "actors/device/given_up_batch.hpp"
#include "actors/device/node_figures.hpp"
#include "actors/device/work_book.hpp"
#include "actors/device/work_credit.hpp"
#include "actors/links.hpp"
#include "actors/machine_ports.hpp"
#include "messages/local.hpp"

namespace trainyard {

struct fetcher_config {
  std::string pool;         ///< whose work this worker takes
  std::string space_id;     ///< of the model that its devices hold; other batches are handed back
  std::size_t slots = 2;    ///< batches per device: one running, the next one waiting at the device
  std::size_t prefetch = 3; ///< batches per device beyond its slots that are read ahead, when it is fast
  std::chrono::milliseconds working_interval{8'000}; ///< well below a third of the queue's ack wait
  std::uint32_t most_devices_lost = 3;               ///< with one batch in hand; after that it is given up
  std::uint64_t trusted_deliveries = 2;     ///< of a whole batch; after that it may be what ended its workers
  std::set<std::string, std::less<>> roots; ///< batches of others are handed back; of none where it is empty
  bool takes_remote = false;                ///< then of others too, but for those that coordinators send
  std::function<bool(const std::string& root)> is_out_of_reach; ///< nobody sends them now; null: never
  std::chrono::milliseconds pause_of_unreachable{5'000}; ///< before what was handed back comes to others
  std::chrono::milliseconds heartbeat_interval{1'000};
  /// How long a drain waits for what devices have begun; a batch may be large, and whoever drains is promised
  /// 10 s.
  std::chrono::milliseconds drain_patience{8'000};
  node_heartbeat heartbeat; ///< what of it does not change; its devices in the order of their numbers
  std::string heartbeat_subject;
  // What a result says that no device has made.
  std::string node;
  std::string precision;
  std::uint32_t dim = 0;
};

/// What the machine, or link and readers on its behalf, tell itself.
using fetch_message =
    std::variant<batch_prepared, result_published, publish_again, work_announced, announce_again,
                 work_acknowledged, working_tick, idle_tick, heartbeat_tick, drain_overdue>;

struct fetch_ports {
  mailbox<fetch_message> self;
  time_source now;
  /// Starts turning the batch's files into pixels; the answer, on any thread, is batch_prepared.
  std::function<void(std::shared_ptr<const work_batch>,
                     std::function<void(std::shared_ptr<const prepared_batch>)>)>
      read;
  std::function<void(embed_batch)> embed; ///< to the supervisor of the devices that came up
  std::function<void()> on_drained;       ///< once
};

/// Owned by one thread. Never blocks, except for the few round trips of closing the queue. `link` outlives
/// it. A batch is acknowledged only after the result stream has stored its result: a crash anywhere costs a
/// redelivery.
class fetch_machine {
public:
  fetch_machine(fetcher_config config, worker_link& link, fetch_ports ports);

  /// Once, first.
  void start();
  /// The device takes batches from now on.
  void device_up(std::uint32_t device);

  void on(const work_delivered& arrived);
  void on(const batch_prepared& ready);
  void on(const device_lost& down);
  void on(const batch_embedded& done);
  void on(const result_published& answer);
  void on(const publish_again& again) { publish(again.ticket); }
  void on(const work_announced& answer);
  void on(const announce_again& again) { announce(again.ticket); }
  void on(const work_acknowledged& gone) { release(gone.ticket); }
  void on(const working_tick&);
  void on(const idle_tick&);
  void on(const heartbeat_tick&);
  void on(const drain_work&);
  void on(const drain_overdue&);

  [[nodiscard]] const work_book& book() const { return book_; }

private:
  [[nodiscard]] bool is_ours(const work_batch& work);
  void dispatch();
  void give_up(ticket number);
  void hand_back_unfinished(bool begun_too);
  void leave_to_others(ticket number);
  void end_without_device(ticket number, result_kind kind, const std::string& reason);
  void publish(ticket number);
  void release(ticket number);
  void say_alive();
  void hands_are_empty();
  void look_for_idleness();
  [[nodiscard]] bool can_work() const { return !up_.empty() && !draining_; }
  [[nodiscard]] bool is_idle() const;
  void read(ticket number);
  void suspect(ticket number);
  void begin_next_suspect();
  void announce(ticket number);
  /// That it begins was said: it must come to an outcome, else it counts as an end of this worker.
  [[nodiscard]] bool can_end_what_it_announced(ticket number) const {
    return !up_.empty() && !suspected_.empty() && suspected_.front() == number;
  }
  void spent_on_strange_work();
  void use_all_credit();
  void refill();
  void spent();

  fetcher_config config_;
  result_origin us_;
  worker_link& link_;
  fetch_ports ports_;
  work_book book_;
  node_figures figures_;
  std::set<std::string> strange_; ///< what was handed back and logged: a line each, not one per batch
  std::set<ticket> refused_;      ///< their results were too large once
  std::set<std::uint32_t> up_;    ///< devices that take work
  work_credit credit_;
  std::size_t granted_ = 0;                            ///< batches asked for, and those in hand
  std::optional<work_credit::time_point> empty_since_; ///< since when nothing is in hand
  bool idle_tick_due_ = false;
  std::deque<ticket> suspected_; ///< the first one is being worked on, the others wait for it
  std::size_t strange_in_a_row_ = 0;
  std::size_t credit_kept_back_ = 0; ///< spent on strange work, and not yet asked for again
  std::uint32_t ticks_kept_back_ = 1;
  std::uint32_t ticks_until_more_ = 1;
  bool draining_ = false;
};

} // namespace trainyard
