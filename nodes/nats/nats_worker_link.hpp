// The worker's end of JetStream: work in by credit, results out, acknowledgements.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actors/links.hpp"
#include "messages/subjects.hpp"
#include "nodes/nats/link_options.hpp"

namespace trainyard {

class nats_worker_link final : public worker_link {
public:
  /// Blocks for a few round trips: makes or checks both streams.
  [[nodiscard]] static result<std::unique_ptr<nats_worker_link>> open(std::shared_ptr<connection> link,
                                                                      nats_link_options options = {});
  ~nats_worker_link() override; ///< close_work(); waiting publishes end as unknown, waiting acks unconfirmed

  result<void> open_work(const std::string& pool, delivery_sink sink) override;
  void add_credit(std::size_t batches) override;
  void close_work() override;
  void publish_result(const std::string& session, std::uint64_t batch, std::uint64_t execution,
                      std::vector<std::byte> payload, publish_done done) override;
  void ack_work(const std::string& ack_subject, ack_done done) override;
  void still_working(const std::string& ack_subject) override;
  void hand_back(const std::string& ack_subject, std::chrono::milliseconds delay) override;
  void publish_event(const std::string& subject, std::vector<std::byte> payload) override;

private:
  struct state;
  explicit nats_worker_link(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

} // namespace trainyard
