// What comes in to a coordinator by NATS: jobs from their stream, requests shared out over all coordinators,
// events of everybody.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/coordinator/host/coordinator_service.hpp"
#include "nodes/nats/link_options.hpp"

namespace trainyard {

/// A request's subject PREFIX.api.VERB[.SESSION] taken apart; PREFIX may hold dots, and so does SESSION where
/// somebody asked with one.
[[nodiscard]] api_request parse_api_subject(const subjects& names, std::string_view subject);

/// Thread safe but for open and close, which one thread calls, not from within a sink. Delivers up to 16 jobs
/// that were not acknowledged; close() hands back those in hand, so that another coordinator has them at
/// once. A reply that is larger than the server takes becomes an error_reply that says so.
class nats_coordinator_service final : public coordinator_service {
public:
  /// Does nothing yet.
  explicit nats_coordinator_service(std::shared_ptr<connection> link, nats_link_options options = {});
  ~nats_coordinator_service() override; ///< close()

  result<void> open(service_sinks sinks) override;
  void reply(const std::string& reply_to, std::vector<std::byte> payload) override;
  void ack_job(const std::string& ack_subject) override;
  void retry_job(const std::string& ack_subject) override;
  void close() override;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace trainyard
