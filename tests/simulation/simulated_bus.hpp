// nats-server and the network around it: what is sent may be lost, doubled, late or cut off, and the store
// may go back in time.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulation/simulated_process.hpp"
#include "tests/simulation/simulated_stream.hpp"

namespace trainyard::simulation {

struct bus_weather {
  double lost = 0;
  double doubled = 0; ///< on the way to the server: it sends nothing twice on one connection
  double late = 0;    ///< by up to three seconds, so that others overtake it
  duration fastest = std::chrono::microseconds(100);
  duration slowest = std::chrono::milliseconds(2);
};

enum class stream_name { work, results };

/// One connection of one process.
struct bus_client {
  std::shared_ptr<simulated_process> process;
  bool cut_to_server = false;
  bool cut_from_server = false;
};
using bus_client_handle = std::shared_ptr<bus_client>;

struct pull_request {
  bus_client_handle from;
  stream_name stream = stream_name::work;
  std::string consumer;
  std::size_t left = 0;
  time_point expires;
  std::function<void(stream_delivery)> deliver; ///< in the client's process
  std::function<void()> lost;                   ///< no such consumer
};

class simulated_bus {
public:
  simulated_bus(timeline& time, random_source& random, simulated_stream::rules work,
                simulated_stream::rules results);

  [[nodiscard]] bus_client_handle connect(std::shared_ptr<simulated_process> process) const;
  [[nodiscard]] bool reachable(const bus_client& client) const {
    return up_ && !client.cut_to_server && !client.cut_from_server;
  }
  /// `what` runs at the server, or in the client's process, when the message arrives, if it does.
  void to_server(const bus_client_handle& from, std::function<void()> what);
  void to_client(const bus_client_handle& to, std::function<void()> what);
  /// A round trip that blocks its caller was lost on the way back: done, and not known to be.
  [[nodiscard]] bool answer_lost() { return random_.chance(weather_.lost); }

  // At the server.
  [[nodiscard]] simulated_stream& stream(stream_name which) {
    return which == stream_name::work ? store_.work : store_.results;
  }
  /// A worker's word that it is idle; nobody stores it.
  void listen_for_idleness(const bus_client_handle& who, std::function<void()> heard) {
    listeners_.emplace_back(who, std::move(heard));
  }
  void tell_of_idleness();
  void pull(pull_request request);
  void pump(stream_name which);
  [[nodiscard]] bool take_lease(const std::string& owner);
  [[nodiscard]] bool renew_lease(const std::string& owner);
  void release_lease(const std::string& owner);
  [[nodiscard]] bool session_ended() const { return store_.ended; }
  void end_session() { store_.ended = true; }
  /// The same session is asked for again.
  void begin_session() { store_.ended = false; }

  void set_weather(bus_weather weather) { weather_ = weather; }
  /// kill -9; whatever was on its way is gone.
  void restart(duration down_for);
  void remember_store() { remembered_ = store_; }
  /// The server comes back with the store as it was remembered.
  void roll_back(duration down_for);

private:
  struct everything_stored {
    simulated_stream work;
    simulated_stream results;
    std::string leased_to;
    time_point leased_until;
    bool ended = false;
  };
  void send(double doubled, std::function<void()> arrives);
  void housekeeping();

  timeline& time_;
  random_source& random_;
  bus_weather weather_;
  everything_stored store_;
  std::optional<everything_stored> remembered_;
  std::deque<pull_request> pulls_[2];
  std::vector<std::pair<bus_client_handle, std::function<void()>>> listeners_;
  std::uint64_t life_ = 0; ///< of the server: what was sent in an earlier one does not arrive
  bool up_ = true;
};

} // namespace trainyard::simulation
