// Ten thousand workers as a link: every published batch is done by the next idle one after a while, its
// result delivered for open credit.
#pragma once

#include <cstdint>
#include <deque>

#include "actors/links.hpp"
#include "messages/wire.hpp"
#include "tests/simulation/random_source.hpp"
#include "tests/simulation/timeline.hpp"

namespace trainyard::simulation {

struct many_workers_plan {
  std::uint64_t workers = 10'000;
  std::uint64_t images = 0;
  std::uint64_t batch_size = 64;
  std::uint32_t dim = 512;
  duration fastest = std::chrono::milliseconds(500);
  duration slowest = std::chrono::milliseconds(1'500);
};

/// Nothing is lost here: what is measured is the coordinator. Results are made when they are delivered, so
/// that the workers' side takes no memory worth naming.
class many_workers final : public coordinator_link {
public:
  many_workers(timeline& time, many_workers_plan plan);

  void publish_work(const work_address& to, std::vector<std::byte> payload, publish_done done) override;
  void withdraw_work(const work_address& what) override;
  result<void> open_results(const std::string& session, std::uint64_t epoch, std::size_t credit,
                            delivery_sink sink) override;
  void ack_result(const std::string& ack_subject) override;
  void close_results(const std::string&) override { sink_ = nullptr; }
  result<void> forget_session(const std::string&) override { return {}; }
  void publish_event(const std::string&, std::vector<std::byte>) override {}

  [[nodiscard]] std::uint64_t published() const { return published_; }
  [[nodiscard]] std::uint64_t published_bytes() const { return published_bytes_; }

private:
  struct work {
    std::uint64_t batch = 0;
    batch_piece piece;
    bool operator==(const work&) const = default;
  };

  void begin(work what);
  void finished(work what);
  void deliver();
  [[nodiscard]] std::vector<std::byte> result_of(work what);

  timeline& time_;
  many_workers_plan plan_;
  random_source random_{1};
  std::uint64_t idle_;
  std::deque<work> queue_;   ///< that waits for a worker
  std::deque<work> results_; ///< that wait for credit
  std::size_t credit_ = 0;
  delivery_sink sink_;
  batch_result pattern_;
  std::uint64_t published_ = 0;
  std::uint64_t published_bytes_ = 0;
};

} // namespace trainyard::simulation
