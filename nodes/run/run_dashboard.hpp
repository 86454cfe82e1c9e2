// `trainyard run --dashboard`: the gateway's pages on loopback, over the private server of one run.
#pragma once

#include <memory>
#include <string>

#include "messages/failure.hpp"
#include "nodes/nats/private_server.hpp"
#include "nodes/run/run_plan.hpp"

namespace trainyard {

/// Made after the fleet that it shows, and destroyed before it and its server.
class run_dashboard {
public:
  [[nodiscard]] static result<std::unique_ptr<run_dashboard>> start(const private_server& server,
                                                                    const run_plan& plan);
  ~run_dashboard();
  run_dashboard(const run_dashboard&) = delete;
  run_dashboard& operator=(const run_dashboard&) = delete;

  [[nodiscard]] std::string url() const;

private:
  struct state;
  explicit run_dashboard(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

} // namespace trainyard
