// The fetching machine as an actor between link, readers and devices.
#pragma once

#include <functional>
#include <optional>

#include "actors/caf_messages.hpp"
#include "actors/device/fetch_machine.hpp"
#include "actors/device/reader_pool.hpp"

namespace trainyard {

/// Scheduled; never blocks, except for the few round trips of opening and closing the queue. `link` and
/// `readers` outlive it.
class fetcher {
public:
  static constexpr const char* name = "trainyard.fetcher";
  using drained_sink = std::function<void()>;
  fetcher(caf::event_based_actor& self, fetcher_config config, worker_link& link, reader_pool& readers,
          drained_sink on_drained);
  caf::message_handler handlers();

private:
  [[nodiscard]] fetch_ports ports();

  caf::event_based_actor& self_;
  fetcher_config config_;
  worker_link& link_;
  reader_pool& readers_;
  drained_sink on_drained_;
  actor supervisor_;                     ///< of the devices that came up
  std::optional<fetch_machine> machine_; ///< from handlers() on
};

} // namespace trainyard
