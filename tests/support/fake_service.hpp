// What comes in to a coordinator, said by the test; what goes out, kept for it.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "actors/coordinator/host/coordinator_service.hpp"
#include "messages/codec.hpp"

namespace trainyard::testing {

/// Thread safe.
class fake_service final : public coordinator_service {
public:
  result<void> open(service_sinks sinks) override {
    const std::lock_guard lock(mutex_);
    if (refusal_)
      return tl::unexpected(*refusal_);
    sinks_ = std::move(sinks);
    return {};
  }
  void reply(const std::string& reply_to, std::vector<std::byte> payload) override {
    const std::lock_guard lock(mutex_);
    replies_[reply_to] = std::move(payload);
  }
  void ack_job(const std::string& ack_subject) override {
    const std::lock_guard lock(mutex_);
    acked_jobs_.push_back(ack_subject);
  }
  void retry_job(const std::string&) override {}
  void close() override {
    const std::lock_guard lock(mutex_);
    sinks_ = {};
  }

  void refuse_to_open(failure why) {
    const std::lock_guard lock(mutex_);
    refusal_ = std::move(why);
  }
  [[nodiscard]] bool is_open() const {
    const std::lock_guard lock(mutex_);
    return static_cast<bool>(sinks_.on_request);
  }
  /// Where the answer will lie.
  std::string ask(const std::string& verb, const std::string& session, std::vector<std::byte> payload) {
    const auto [sinks, number] = next();
    auto reply_to = "reply" + std::to_string(number);
    if (sinks.on_request)
      sinks.on_request({verb, session, reply_to, std::move(payload)});
    return reply_to;
  }
  void publish_job(const std::string& session, std::vector<std::byte> payload, const std::string& ack,
                   std::uint64_t delivered = 1) {
    const auto [sinks, number] = next();
    if (sinks.on_job)
      sinks.on_job({ack, "trainyard.jobs." + session, delivered, std::move(payload)});
  }
  void node_event(const node_heartbeat& beat) {
    const auto [sinks, number] = next();
    if (sinks.on_node_event)
      sinks.on_node_event(to_msgpack(beat));
  }
  void session_event(std::vector<std::byte> payload) {
    const auto [sinks, number] = next();
    if (sinks.on_session_event)
      sinks.on_session_event(std::move(payload));
  }
  [[nodiscard]] std::optional<std::vector<std::byte>> answer(const std::string& reply_to) const {
    const std::lock_guard lock(mutex_);
    const auto found = replies_.find(reply_to);
    return found == replies_.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] std::vector<std::string> acked_jobs() const {
    const std::lock_guard lock(mutex_);
    return acked_jobs_;
  }

private:
  std::pair<service_sinks, int> next() {
    const std::lock_guard lock(mutex_);
    return {sinks_, ++asked_};
  }

  mutable std::mutex mutex_;
  service_sinks sinks_;
  std::optional<failure> refusal_;
  int asked_ = 0;
  std::map<std::string, std::vector<std::byte>> replies_;
  std::vector<std::string> acked_jobs_;
};

} // namespace trainyard::testing
