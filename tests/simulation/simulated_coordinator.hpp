// A coordinator's process: takes the session's lease, and runs the product's session_machine while it has it.
#pragma once

#include <memory>
#include <string>

#include "actors/coordinator/session_machine.hpp"
#include "tests/simulation/simulated_lister.hpp"

namespace trainyard::simulation {

/// One machine that may own the session; its process may end and begin any number of times.
class simulated_coordinator {
public:
  simulated_coordinator(surroundings& around, std::uint32_t number);
  ~simulated_coordinator();

  void start();
  void kill(duration starts_again_after);
  void halt(duration how_long);
  void cut_off(bool to_server, bool from_server, duration how_long);
  void pause(duration how_long);
  [[nodiscard]] bool owns() const;
  [[nodiscard]] std::string description() const;

private:
  struct life;
  void tick();
  void renew();
  void claim();
  void begin_session();
  void session_over(session_outcome outcome);
  void conclude();
  void list_on();
  [[nodiscard]] std::function<void(listing_news)> teller();
  [[nodiscard]] session_ports ports();
  void end_life();

  surroundings& around_;
  std::uint32_t number_;
  std::uint64_t lives_ = 0;
  std::unique_ptr<life> life_;
};

} // namespace trainyard::simulation
