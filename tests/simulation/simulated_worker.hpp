// A worker's process: the product's fetch_machine between the bus, readers and devices that take their time.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "actors/device/fetch_machine.hpp"
#include "tests/simulation/surroundings.hpp"

namespace trainyard::simulation {

/// One machine in the fleet; its process may end and begin any number of times.
class simulated_worker {
public:
  simulated_worker(surroundings& around, std::uint32_t number, std::uint32_t devices);
  ~simulated_worker();

  void start();
  void kill();
  void halt(duration how_long);
  void cut_off(bool to_server, bool from_server, duration how_long);
  void drain(); ///< and start again when that is done
  void lose_device();
  /// Nothing is on its way any more: what it may take and what it has must be what it told coordinators, and
  /// within the bounds of its devices.
  void check_at_rest();
  [[nodiscard]] std::string description() const;

private:
  struct life;
  void lose(std::uint32_t device);
  [[nodiscard]] duration time_of(const work_batch& work);
  void begin_next(std::uint32_t device);
  void finish(std::uint32_t device);
  void read(std::shared_ptr<const work_batch> work,
            std::function<void(std::shared_ptr<const prepared_batch>)> ready);
  void check_bounds();
  [[nodiscard]] fetch_ports ports();

  surroundings& around_;
  std::uint32_t number_;
  std::uint32_t devices_;
  std::uint64_t lives_ = 0;
  std::unique_ptr<life> life_;
};

} // namespace trainyard::simulation
