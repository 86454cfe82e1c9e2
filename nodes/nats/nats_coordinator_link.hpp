// The coordinator's end of JetStream: work out, results in.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actors/links.hpp"
#include "messages/subjects.hpp"
#include "nodes/nats/link_options.hpp"

namespace trainyard {

/// A session that a newer epoch takes over is closed here and told to on_trouble; nothing more is delivered.
class nats_coordinator_link final : public coordinator_link {
public:
  /// Blocks for a few round trips: makes or checks both streams.
  [[nodiscard]] static result<std::unique_ptr<nats_coordinator_link>> open(std::shared_ptr<connection> link,
                                                                           nats_link_options options = {});
  ~nats_coordinator_link() override; ///< closes every session's results; waiting publishes end as unknown

  void publish_work(const work_address& to, std::vector<std::byte> payload, publish_done done) override;
  void withdraw_work(const work_address& what) override;
  result<void> open_results(const std::string& session, std::uint64_t epoch, std::size_t credit,
                            delivery_sink sink) override;
  void ack_result(const std::string& ack_subject) override;
  void close_results(const std::string& session) override;
  result<void> forget_session(const std::string& session) override;
  void publish_event(const std::string& subject, std::vector<std::byte> payload) override;

private:
  struct state;
  explicit nats_coordinator_link(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

} // namespace trainyard
