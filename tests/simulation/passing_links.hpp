// Links that hand every call on: what a planted bug is derived from.
#pragma once

#include "actors/links.hpp"

namespace trainyard::simulation {

class passing_coordinator_link : public coordinator_link {
public:
  explicit passing_coordinator_link(coordinator_link& to) : to_(to) {}
  void publish_work(const work_address& to, std::vector<std::byte> payload, publish_done done) override {
    to_.publish_work(to, std::move(payload), std::move(done));
  }
  void withdraw_work(const work_address& what) override { to_.withdraw_work(what); }
  result<void> open_results(const std::string& session, std::uint64_t epoch, std::size_t credit,
                            delivery_sink sink) override {
    return to_.open_results(session, epoch, credit, std::move(sink));
  }
  void ack_result(const std::string& ack_subject) override { to_.ack_result(ack_subject); }
  void close_results(const std::string& session) override { to_.close_results(session); }
  result<void> forget_session(const std::string& session) override { return to_.forget_session(session); }
  void publish_event(const std::string&, std::vector<std::byte>) override {}

protected:
  coordinator_link& to_;
};

class passing_worker_link : public worker_link {
public:
  explicit passing_worker_link(worker_link& to) : to_(to) {}
  result<void> open_work(const std::string& pool, delivery_sink sink) override {
    return to_.open_work(pool, std::move(sink));
  }
  void add_credit(std::size_t batches) override { to_.add_credit(batches); }
  void close_work() override { to_.close_work(); }
  void publish_result(const std::string& session, std::uint64_t batch, std::uint64_t execution,
                      std::vector<std::byte> payload, publish_done done) override {
    to_.publish_result(session, batch, execution, std::move(payload), std::move(done));
  }
  void ack_work(const std::string& ack_subject, ack_done done) override {
    to_.ack_work(ack_subject, std::move(done));
  }
  void still_working(const std::string& ack_subject) override { to_.still_working(ack_subject); }
  void hand_back(const std::string& ack_subject, std::chrono::milliseconds delay) override {
    to_.hand_back(ack_subject, delay);
  }
  void publish_event(const std::string& subject, std::vector<std::byte> payload) override {
    to_.publish_event(subject, std::move(payload));
  }

protected:
  worker_link& to_;
};

} // namespace trainyard::simulation
