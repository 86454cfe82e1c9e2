// The links of actors/links.hpp to the simulated bus, as nodes/nats keeps their contracts.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "actors/links.hpp"
#include "tests/simulation/simulated_puller.hpp"

namespace trainyard::simulation {

/// What a message on the results stream says, and whose it is.
struct told {
  work_key work;
  result_kind kind = result_kind::outcome;
  std::string worker; ///< one life of it; empty where it is not known
};

/// What the checks want to see, at the moment of the call.
struct link_watch {
  std::function<void(const told&)> result_acknowledged;
  std::function<void(const told&)> result_stored; ///< by the stream
  std::function<void(const work_key&)> work_acknowledged;
  std::function<void(const work_key&, const std::string& worker)> work_handed_back;
  std::function<void(std::uint64_t epoch)> results_opened;
};

class simulated_coordinator_link final : public coordinator_link {
public:
  simulated_coordinator_link(simulated_bus& bus, timeline& time, bus_client_handle client,
                             const link_watch& watch);
  void publish_work(const work_address& to, std::vector<std::byte> payload, publish_done done) override;
  void withdraw_work(const work_address& what) override;
  result<void> open_results(const std::string& session, std::uint64_t epoch, std::size_t credit,
                            delivery_sink sink) override;
  void ack_result(const std::string& ack_subject) override;
  void close_results(const std::string& session) override;
  result<void> forget_session(const std::string& session) override;
  void publish_event(const std::string&, std::vector<std::byte>) override {}

private:
  void keep_consumer(std::uint64_t epoch);

  simulated_bus& bus_;
  timeline& time_;
  bus_client_handle client_;
  const link_watch& watch_;
  std::shared_ptr<simulated_puller> results_;
  std::map<std::string, told> in_hand_; ///< by ack subject: each frees its credit once
};

class simulated_worker_link final : public worker_link {
public:
  simulated_worker_link(simulated_bus& bus, timeline& time, bus_client_handle client, std::string name,
                        const link_watch& watch);
  result<void> open_work(const std::string& pool, delivery_sink sink) override;
  void add_credit(std::size_t batches) override;
  void close_work() override;
  void publish_result(const std::string& session, std::uint64_t batch, std::uint64_t execution,
                      std::vector<std::byte> payload, publish_done done) override;
  void ack_work(const std::string& ack_subject, ack_done done) override;
  void still_working(const std::string& ack_subject) override;
  void hand_back(const std::string& ack_subject, std::chrono::milliseconds delay) override;
  void publish_event(const std::string& subject, std::vector<std::byte> payload) override;

  [[nodiscard]] std::size_t credit() const { return work_ ? work_->credit() : 0; }
  /// Batches that were delivered and neither acknowledged nor handed back. One that comes again
  /// although it was acknowledged is no loss: it comes again to somebody else.
  [[nodiscard]] std::size_t unsettled() const { return unsettled_.size(); }
  /// No device is up: what it has said to begin cannot come to its end here.
  void excuse() { excused_ = true; }
  /// What it last told coordinators that it takes.
  [[nodiscard]] std::uint64_t told_credit() const;

private:
  simulated_bus& bus_;
  timeline& time_;
  bus_client_handle client_;
  std::string name_;
  const link_watch& watch_;
  std::shared_ptr<simulated_puller> work_;
  std::set<work_key> unsettled_;
  std::set<work_key> acknowledged_;
  std::vector<std::byte> heartbeat_;
  bool excused_ = false;
};

} // namespace trainyard::simulation
