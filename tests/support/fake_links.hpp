// The message system in memory, for tests of one actor: records what the actor does, delivers what the test
// says.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "actors/links.hpp"
#include "messages/codec.hpp"
#include "messages/wire.hpp"

namespace trainyard::testing {

/// Thread safe. Publishing always answers `next_outcome`, at once and on the caller's thread.
class fake_worker_link final : public worker_link {
public:
  result<void> open_work(const std::string&, delivery_sink sink) override {
    const std::lock_guard lock(mutex_);
    sink_ = std::move(sink);
    return {};
  }
  void add_credit(std::size_t batches) override { add(credit_, batches); }
  void close_work() override { add(closed_, 1); }
  void publish_result(const std::string&, std::uint64_t, std::uint64_t, std::vector<std::byte> payload,
                      publish_done done) override {
    publish_outcome outcome;
    {
      const std::lock_guard lock(mutex_);
      outcome = next_outcome_;
      next_outcome_ = publish_outcome::stored;
      if (outcome == publish_outcome::stored)
        results_.push_back(decode<batch_result>(payload).value());
      events_.push_back("publish");
    }
    done(outcome);
  }
  void ack_work(const std::string& ack_subject, ack_done done) override {
    note("ack " + ack_subject);
    done(true);
  }
  void still_working(const std::string& ack_subject) override { note("working " + ack_subject); }
  void hand_back(const std::string& ack_subject, std::chrono::milliseconds) override {
    note("back " + ack_subject);
  }
  void publish_event(const std::string& subject, std::vector<std::byte> payload) override {
    const std::lock_guard lock(mutex_);
    told_.emplace_back(subject, std::move(payload));
  }

  void answer_next_publish_with(publish_outcome outcome) {
    const std::lock_guard lock(mutex_);
    next_outcome_ = outcome;
  }
  [[nodiscard]] std::size_t credit() const { return get(credit_); }
  [[nodiscard]] std::size_t closed() const { return get(closed_); }
  [[nodiscard]] std::vector<batch_result> results() const {
    const std::lock_guard lock(mutex_);
    return results_;
  }
  /// Core events: subject and payload.
  [[nodiscard]] std::vector<std::pair<std::string, std::vector<std::byte>>> told() const {
    const std::lock_guard lock(mutex_);
    return told_;
  }
  /// "publish", "ack SUBJECT", "working SUBJECT", "back SUBJECT", in order.
  [[nodiscard]] std::vector<std::string> events() const {
    const std::lock_guard lock(mutex_);
    return events_;
  }
  [[nodiscard]] std::size_t count(const std::string& event) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::ranges::count(events_, event));
  }

private:
  void add(std::size_t& number, std::size_t by) {
    const std::lock_guard lock(mutex_);
    number += by;
  }
  [[nodiscard]] std::size_t get(const std::size_t& number) const {
    const std::lock_guard lock(mutex_);
    return number;
  }
  void note(std::string event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
  }

  mutable std::mutex mutex_;
  delivery_sink sink_;
  std::size_t credit_ = 0;
  std::size_t closed_ = 0;
  publish_outcome next_outcome_ = publish_outcome::stored;
  std::vector<batch_result> results_;
  std::vector<std::string> events_;
  std::vector<std::pair<std::string, std::vector<std::byte>>> told_;
};

/// Thread safe. Published work is answered by `answer`, which the test sets: it returns the result's payload,
/// or nothing.
class fake_coordinator_link final : public coordinator_link {
public:
  using worker = std::function<std::vector<delivery>(const work_batch&)>;
  explicit fake_coordinator_link(worker answer) : answer_(std::move(answer)) {}

  void publish_work(const work_address&, std::vector<std::byte> payload, publish_done done) override {
    const auto work = decode<work_batch>(payload).value();
    {
      const std::lock_guard lock(mutex_);
      published_.push_back(work);
    }
    done(work_outcome);
    if (work_outcome != publish_outcome::stored)
      return;
    for (auto& result : answer_(work))
      deliver(work.session, std::move(result));
  }
  void withdraw_work(const work_address& what) override {
    const std::lock_guard lock(mutex_);
    withdrawn_.push_back(what);
  }
  result<void> open_results(const std::string& session, std::uint64_t epoch, std::size_t,
                            delivery_sink sink) override {
    const std::lock_guard lock(mutex_);
    sinks_[session] = std::move(sink);
    epoch_ = epoch;
    return {};
  }
  void ack_result(const std::string& ack_subject) override {
    const std::lock_guard lock(mutex_);
    acked_.push_back(ack_subject);
  }
  void close_results(const std::string& session) override {
    const std::lock_guard lock(mutex_);
    sinks_.erase(session);
  }
  result<void> forget_session(const std::string& session) override {
    const std::lock_guard lock(mutex_);
    forgotten_.push_back(session);
    return {};
  }
  void publish_event(const std::string&, std::vector<std::byte>) override {}

  void deliver(const std::string& session, delivery one) {
    delivery_sink sink;
    {
      const std::lock_guard lock(mutex_);
      if (const auto open = sinks_.find(session); open != sinks_.end())
        sink = open->second;
    }
    if (sink)
      sink(std::move(one));
  }
  [[nodiscard]] bool is_open(const std::string& session) const {
    const std::lock_guard lock(mutex_);
    return sinks_.contains(session);
  }
  std::atomic<publish_outcome> work_outcome = publish_outcome::stored; ///< what publish_work is told

  [[nodiscard]] std::vector<work_batch> published() const {
    const std::lock_guard lock(mutex_);
    return published_;
  }
  [[nodiscard]] std::vector<work_address> withdrawn() const {
    const std::lock_guard lock(mutex_);
    return withdrawn_;
  }
  [[nodiscard]] std::vector<std::string> acked() const {
    const std::lock_guard lock(mutex_);
    return acked_;
  }
  [[nodiscard]] std::vector<std::string> forgotten() const {
    const std::lock_guard lock(mutex_);
    return forgotten_;
  }
  [[nodiscard]] std::uint64_t epoch() const {
    const std::lock_guard lock(mutex_);
    return epoch_;
  }

private:
  worker answer_;
  mutable std::mutex mutex_;
  std::map<std::string, delivery_sink> sinks_; ///< of sessions whose results are open
  std::uint64_t epoch_ = 0;
  std::vector<work_batch> published_;
  std::vector<work_address> withdrawn_;
  std::vector<std::string> acked_;
  std::vector<std::string> forgotten_;
};

} // namespace trainyard::testing
