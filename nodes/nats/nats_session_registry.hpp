// Sessions and leases in two key-value buckets that every coordinator shares.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "actors/coordinator/host/session_registry.hpp"
#include "messages/subjects.hpp"
#include "nodes/nats/key_value.hpp"

namespace trainyard {

struct session_registry_options {
  subjects names = subjects();
  int replicas = 1;
  /// Of one round trip; a renewal takes up to three, and must be told apart from silence before a lease ends.
  std::chrono::milliseconds timeout{1'200};
  /// A record that cannot be read and is skipped. Runs on the caller's thread; may be empty.
  std::function<void(const failure&)> on_trouble;
};

/// One thread at a time, as the interface says; any number of these may share a connection. `nats kv get
/// PREFIX_sessions ID` shows a record.
class nats_session_registry final : public session_registry {
public:
  /// Blocks for a few round trips: makes or checks both buckets.
  [[nodiscard]] static result<std::unique_ptr<nats_session_registry>>
  open(std::shared_ptr<connection> link, session_registry_options options = {});

  result<std::vector<registered_session>> changes() override;
  /// message_invalid where the record that is there cannot be read.
  result<std::optional<registered_session>> find(const std::string& session) override;
  result<std::optional<std::uint64_t>> create(const session_record& record) override;
  result<std::optional<std::uint64_t>> update(const session_record& record, std::uint64_t revision) override;

  result<bool> take_lease(const std::string& session, const std::string& owner) override;
  result<bool> renew_lease(const std::string& session, const std::string& owner) override;
  void release_lease(const std::string& session, const std::string& owner) override;

private:
  nats_session_registry(key_value sessions, key_value leases, session_registry_options options);
  [[nodiscard]] result<bool> adopt_lease(const std::string& session, const std::string& owner);

  key_value sessions_;
  key_value leases_;
  session_registry_options options_;
  bucket_cursor seen_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> held_; ///< session, owner -> revision
};

} // namespace trainyard
