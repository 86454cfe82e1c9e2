// The session registry in memory: one store that several coordinators share, and each one's view of it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "actors/coordinator/host/session_registry.hpp"

namespace trainyard::testing {

/// Thread safe. Leases end when the test says so.
struct fake_store {
  std::mutex mutex;
  std::uint64_t revision = 0;
  std::map<std::string, registered_session> sessions;
  std::map<std::string, std::string> leases; ///< session to owner

  [[nodiscard]] std::optional<session_record> record(const std::string& session) {
    const std::lock_guard lock(mutex);
    const auto found = sessions.find(session);
    return found == sessions.end() ? std::nullopt : std::optional(found->second.record);
  }
  [[nodiscard]] std::uint64_t revision_of(const std::string& session) {
    const std::lock_guard lock(mutex);
    return sessions.at(session).revision;
  }
  [[nodiscard]] std::string state_of(const std::string& session) {
    const auto found = record(session);
    return found ? found->status.state : "";
  }
  void put(session_record record) {
    const std::lock_guard lock(mutex);
    const auto session = record.status.session_id;
    sessions[session] = {++revision, std::move(record)};
  }
  /// As when a restarted server has lost the store's last writes: the same records under lower revisions.
  void roll_back() {
    const std::lock_guard lock(mutex);
    revision = 0;
    for (auto& [session, each] : sessions)
      each.revision = ++revision;
  }
  [[nodiscard]] std::string lease_of(const std::string& session) {
    const std::lock_guard lock(mutex);
    const auto found = leases.find(session);
    return found == leases.end() ? "" : found->second;
  }
  /// An empty owner: it runs out.
  void give_lease(const std::string& session, const std::string& owner) {
    const std::lock_guard lock(mutex);
    if (owner.empty())
      leases.erase(session);
    else
      leases[session] = owner;
  }
};

/// One coordinator's connection to the store. Calls that are in `broken` fail as nats_unreachable: changes,
/// find, create, update, take_lease, renew_lease.
class fake_registry final : public session_registry {
public:
  explicit fake_registry(std::shared_ptr<fake_store> store) : store_(std::move(store)) {}

  void break_off(const std::set<std::string>& calls) {
    const std::lock_guard lock(store_->mutex);
    broken_ = calls;
  }
  void mend() { break_off({}); }
  /// How often changes() was asked: once in each of a coordinator's ticks.
  [[nodiscard]] std::uint64_t looks() const {
    const std::lock_guard lock(store_->mutex);
    return looks_;
  }

  result<std::vector<registered_session>> changes() override {
    const std::lock_guard lock(store_->mutex);
    ++looks_;
    if (broken_.contains("changes"))
      return away();
    std::vector<registered_session> changed;
    if (store_->revision < seen_)
      seen_ = 0; // rolled back: everything is new
    for (const auto& [session, each] : store_->sessions)
      if (each.revision > seen_)
        changed.push_back(each);
    seen_ = store_->revision;
    return changed;
  }
  result<std::optional<registered_session>> find(const std::string& session) override {
    const std::lock_guard lock(store_->mutex);
    if (broken_.contains("find"))
      return away();
    const auto found = store_->sessions.find(session);
    return found == store_->sessions.end() ? std::nullopt : std::optional(found->second);
  }
  result<std::optional<std::uint64_t>> create(const session_record& record) override {
    const std::lock_guard lock(store_->mutex);
    if (broken_.contains("create"))
      return away();
    if (store_->sessions.contains(record.status.session_id))
      return std::nullopt;
    store_->sessions[record.status.session_id] = {++store_->revision, record};
    return store_->revision;
  }
  result<std::optional<std::uint64_t>> update(const session_record& record, std::uint64_t revision) override {
    const std::lock_guard lock(store_->mutex);
    if (broken_.contains("update"))
      return away();
    const auto found = store_->sessions.find(record.status.session_id);
    if (found == store_->sessions.end() || found->second.revision != revision)
      return std::nullopt;
    found->second = {++store_->revision, record};
    return store_->revision;
  }
  result<bool> take_lease(const std::string& session, const std::string& owner) override {
    const std::lock_guard lock(store_->mutex);
    if (broken_.contains("take_lease"))
      return away();
    return store_->leases.try_emplace(session, owner).first->second == owner;
  }
  result<bool> renew_lease(const std::string& session, const std::string& owner) override {
    const std::lock_guard lock(store_->mutex);
    if (broken_.contains("renew_lease"))
      return away();
    const auto found = store_->leases.find(session);
    return found != store_->leases.end() && found->second == owner;
  }
  void release_lease(const std::string& session, const std::string& owner) override {
    const std::lock_guard lock(store_->mutex);
    if (const auto found = store_->leases.find(session);
        found != store_->leases.end() && found->second == owner)
      store_->leases.erase(found);
  }

private:
  static tl::unexpected<failure> away() {
    return fail(failure_kind::nats_unreachable, "the test has cut the registry off", "mend() it");
  }

  std::shared_ptr<fake_store> store_;
  std::set<std::string> broken_;
  std::uint64_t seen_ = 0;
  std::uint64_t looks_ = 0;
};

} // namespace trainyard::testing
