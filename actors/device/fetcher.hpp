// Takes batches from the queue for open credit, has them read, hands them to devices, publishes results, then
// acks.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "actors/caf_messages.hpp"
#include "actors/device/node_figures.hpp"
#include "actors/device/reader_pool.hpp"
#include "actors/device/work_book.hpp"
#include "actors/links.hpp"

namespace trainyard {

struct fetcher_config {
  std::string pool;         ///< whose work this worker takes
  std::string space_id;     ///< of the model that its devices hold; other batches are handed back
  std::size_t slots = 2;    ///< batches per device: one running, the next one waiting at the device
  std::size_t prefetch = 3; ///< batches per device beyond its slots that are read ahead
  std::chrono::milliseconds working_interval{8'000}; ///< well below a third of the queue's ack wait
  std::uint32_t most_devices_lost = 3;      ///< with one batch in hand; after that its images are failed
  std::set<std::string, std::less<>> roots; ///< batches of others are handed back, for a worker that has them
  std::chrono::milliseconds heartbeat_interval{1'000};
  node_heartbeat heartbeat; ///< what of it does not change; its devices in the order of their numbers
  std::string heartbeat_subject;
  // What a result says that no device has made.
  std::string node;
  std::string precision;
  std::uint32_t dim = 0;
};

/// Scheduled; never blocks, except for the few round trips of opening and closing the queue. `link` and
/// `readers` outlive it. A batch is acknowledged only after the result stream has stored its result: a crash
/// anywhere costs a redelivery.
class fetcher {
public:
  static constexpr const char* name = "trainyard.fetcher";
  using drained_sink = std::function<void()>;
  fetcher(caf::event_based_actor& self, fetcher_config config, worker_link& link, reader_pool& readers,
          drained_sink on_drained);
  caf::message_handler handlers();

private:
  void accept(const delivery& work);
  void dispatch();
  void device_up(const device_ready& up);
  void device_down(const device_lost& down);
  void embedded(const batch_embedded& done);
  void give_up(ticket number);
  void fail_all(ticket number, std::vector<failed_asset> failed, const std::string& reason);
  void publish(ticket number);
  void published(const result_published& answer);
  void release(ticket number);
  void drain();
  void say_working();
  void say_alive();
  [[nodiscard]] bool is_ours(const work_batch& work);

  caf::event_based_actor& self_;
  fetcher_config config_;
  worker_link& link_;
  reader_pool& readers_;
  drained_sink on_drained_;
  work_book book_;
  node_figures figures_;
  std::set<std::string> strange_; ///< what was handed back and logged: a line each, not one per batch
  actor supervisor_;
  std::set<ticket> refused_;         ///< their results were too large once
  std::set<std::uint32_t> credited_; ///< devices whose credit has been given, once for all their lives
  bool draining_ = false;
};

} // namespace trainyard
