// Starts, watches and restarts the devices of one worker; passes batches between them and the fetcher.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "actors/device/device_actor.hpp"
#include "actors/device/restart_policy.hpp"

namespace trainyard {

/// A device that failed is started again soon, as a fresh process state mostly cures it. One without memory
/// is put in quarantine for longer: somebody else holds that memory.
struct supervision {
  restart_policy restarts{5, std::chrono::milliseconds(200), std::chrono::milliseconds(30'000)};
  restart_policy quarantine{5, std::chrono::milliseconds(5'000), std::chrono::milliseconds(300'000)};
};

/// Scheduled; never blocks. End it with stop_devices, so that every model is gone when it is. `on_failed` is
/// called once, on this actor's thread, when no device is left.
class device_supervisor {
public:
  static constexpr const char* name = "trainyard.device_supervisor";
  using failed_sink = std::function<void(failure)>;
  device_supervisor(caf::event_based_actor& self, std::vector<device_config> devices, actor fetcher,
                    failed_sink on_failed, supervision rules = {});
  caf::message_handler handlers();

private:
  struct device_slot {
    device_config config;
    actor running; ///< null between loss and restart
    restart_policy restarts;
    restart_policy quarantine;
    bool given_up = false;
    bool was_ready = false; ///< at least once
    failure last;
  };

  void start(std::uint32_t device);
  void ended(const actor_down& down);
  [[nodiscard]] std::optional<std::chrono::milliseconds> next_start(device_slot& lost);
  [[nodiscard]] static bool may_come_back(const device_slot& ended);
  void give_up(device_slot& lost);
  void tell_devices(const queries_wait& some);
  void stop_all();
  device_slot* find(std::uint32_t device);

  caf::event_based_actor& self_;
  std::map<std::uint32_t, device_slot> slots_;
  actor fetcher_;
  failed_sink on_failed_;
  bool stopping_ = false;
  bool failed_ = false; ///< on_failed was called
};

} // namespace trainyard
