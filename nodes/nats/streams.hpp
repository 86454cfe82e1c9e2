// The streams and their consumers: made where missing, checked where present. Plain JSON requests, as
// nats.c 3.4.1 knows only half of the fields.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "messages/failure.hpp"
#include "messages/subjects.hpp"
#include "nodes/nats/inbox.hpp"

namespace trainyard {

struct stream_options {
  std::int64_t work_max_bytes = 4LL << 30;
  std::int64_t results_max_bytes = 16LL << 30; ///< full: workers wait, which is the back pressure
  std::int64_t jobs_max_bytes = 256LL << 20;
  int replicas = 1;
  std::chrono::seconds duplicate_window{120};
  std::chrono::milliseconds work_ack_wait{30'000}; ///< workers extend it with still_working
  std::chrono::milliseconds results_ack_wait{60'000};
  std::chrono::milliseconds jobs_ack_wait{30'000};
};

/// All block for a few round trips. nats_protocol names the field where a stream or consumer of that name
/// exists with another meaning; limits in bytes and replicas are the operator's and not compared. Where the
/// server has less storage than twice that, a new stream gets half of what still fits.
[[nodiscard]] result<void> ensure_streams(inbox& box, const subjects& names, const stream_options& options);
[[nodiscard]] result<void> ensure_work_consumer(inbox& box, const subjects& names, const std::string& pool,
                                                int priority, const stream_options& options);
[[nodiscard]] result<void> ensure_jobs_stream(inbox& box, const subjects& names,
                                              const stream_options& options);
/// Every coordinator pulls from this one consumer.
[[nodiscard]] result<void> ensure_jobs_consumer(inbox& box, const subjects& names,
                                                const stream_options& options);
/// Deletes the session's consumers up to this epoch, then makes this one's: all unacknowledged results are
/// delivered again at once. nats_protocol when a newer epoch has a consumer: somebody took the session over.
[[nodiscard]] result<void> take_results_consumer(inbox& box, const subjects& names,
                                                 const std::string& session, std::uint64_t epoch,
                                                 const stream_options& options);
/// Makes this epoch's consumer again if the server lost it, and deletes those of older epochs. Returns the
/// newest epoch that has one: where that is not ours, the session was taken over and nothing was made.
[[nodiscard]] result<std::uint64_t> keep_results_consumer(inbox& box, const subjects& names,
                                                          const std::string& session, std::uint64_t epoch,
                                                          const stream_options& options);
[[nodiscard]] failure overtaken(const std::string& session, std::uint64_t by);
/// Deletes every results consumer of the session.
[[nodiscard]] result<void> drop_results_consumers(inbox& box, const subjects& names,
                                                  const std::string& session);

} // namespace trainyard
