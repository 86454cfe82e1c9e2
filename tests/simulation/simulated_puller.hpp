// Deliveries of one consumer for open credit, as nodes/nats/puller asks for them.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "actors/links.hpp"
#include "tests/simulation/simulated_bus.hpp"

namespace trainyard::simulation {

/// A batch, or a piece of one: what is published, worked on and acknowledged by itself.
struct work_key {
  std::uint64_t batch = 0;
  batch_piece piece;
  auto operator<=>(const work_key&) const = default;
};
[[nodiscard]] std::string to_string(const work_key& key);

/// What an acknowledgement's subject says.
struct acknowledgement {
  std::string consumer;
  std::uint64_t sequence = 0;
  work_key work; ///< of work alone
};
[[nodiscard]] acknowledgement parse(const std::string& ack_subject);
/// Of a subject of work.
[[nodiscard]] work_key key_in(const std::string& subject);
[[nodiscard]] std::string subject_of(const work_key& key);

/// What is in hand plus what is asked for never exceeds the credit; a request that stays silent is written
/// off.
class simulated_puller : public std::enable_shared_from_this<simulated_puller> {
public:
  simulated_puller(simulated_bus& bus, timeline& time, bus_client_handle client, stream_name stream,
                   std::string consumer, delivery_sink sink, std::function<void()> on_lost);
  void add_credit(std::size_t deliveries);
  void close() { open_ = false; }
  /// Free, or asked for.
  [[nodiscard]] std::size_t credit() const;

private:
  void ask();
  void received(std::uint64_t request, const stream_delivery& each);
  void write_off(std::uint64_t request);

  simulated_bus& bus_;
  timeline& time_;
  bus_client_handle client_;
  stream_name stream_;
  std::string consumer_;
  delivery_sink sink_;
  std::function<void()> on_lost_;
  std::size_t free_ = 0;
  std::map<std::uint64_t, std::size_t> asked_;
  std::uint64_t next_request_ = 1;
  bool open_ = true;
};

} // namespace trainyard::simulation
