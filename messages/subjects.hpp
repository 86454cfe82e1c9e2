// Every NATS name in one place: subjects, streams, consumers. `prefix` is `trainyard` unless configured.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace trainyard {

/// 1 to 64 of [A-Za-z0-9_-]: what may stand as one token of a subject (session ids, pools, node names).
[[nodiscard]] bool is_token(std::string_view text) noexcept;
/// `text` with every other character made '-', cut to 64; "x" when nothing is left.
[[nodiscard]] std::string as_token(std::string_view text);

/// Names under one prefix. Streams take the prefix in capitals, so two fleets can share a server.
class subjects {
public:
  explicit subjects(std::string prefix = "trainyard");

  [[nodiscard]] std::string work_stream() const { return upper_ + "_WORK"; }
  [[nodiscard]] std::string results_stream() const { return upper_ + "_RESULTS"; }
  [[nodiscard]] std::string all_work() const { return prefix_ + ".work.>"; }
  [[nodiscard]] std::string all_results() const { return prefix_ + ".results.>"; }

  /// POOL is model and precision class; PRIO 0 to 2. Of a piece of the batch (`images` from `first` on) the
  /// last token is BATCH-FIRST-IMAGES.
  [[nodiscard]] std::string work(std::string_view pool, int priority, std::string_view session,
                                 std::uint64_t batch, std::uint32_t first = 0,
                                 std::uint32_t images = 0) const;
  /// That last token.
  [[nodiscard]] static std::string work_token(std::uint64_t batch, std::uint32_t first, std::uint32_t images);
  [[nodiscard]] std::string work_of_pool(std::string_view pool, int priority) const;
  [[nodiscard]] std::string work_consumer(std::string_view pool, int priority) const;
  [[nodiscard]] std::string results(std::string_view session, std::uint64_t batch) const;
  [[nodiscard]] std::string results_of_session(std::string_view session) const;
  [[nodiscard]] std::string results_consumer(std::string_view session, std::uint64_t epoch) const;
  [[nodiscard]] std::string session_events(std::string_view session) const;
  [[nodiscard]] std::string node_events(std::string_view node) const;
  [[nodiscard]] std::string all_session_events() const { return prefix_ + ".events.session.*"; }
  [[nodiscard]] std::string all_node_events() const { return prefix_ + ".events.node.*"; }
  [[nodiscard]] std::string work_of_session(std::string_view session) const; ///< any pool and priority

  [[nodiscard]] std::string jobs_stream() const { return upper_ + "_JOBS"; }
  [[nodiscard]] std::string all_jobs() const { return prefix_ + ".jobs.*"; }
  [[nodiscard]] std::string job(std::string_view session) const;
  /// Of the durable consumer that every coordinator pulls jobs from, and the queue group of their requests.
  [[nodiscard]] std::string coordinators() const { return "coordinators"; }

  /// VERB is submit, list or devices; or, with a session, status, pause, resume, cancel, retry, failures.
  [[nodiscard]] std::string api(std::string_view verb, std::string_view session = {}) const;
  [[nodiscard]] std::string all_api() const { return prefix_ + ".api.>"; }

  /// Requests for the bytes of images below ROOT, which those coordinators answer that have it as a remote
  /// one; and of an upload into FOLDER. "*" for all of them.
  [[nodiscard]] std::string images(std::string_view root) const {
    return prefix_ + ".images." + std::string(root);
  }
  [[nodiscard]] std::string upload(std::string_view folder) const {
    return prefix_ + ".upload." + std::string(folder);
  }

  /// Requests for the vector of one image or text, which the workers answer that have MODEL, as one queue
  /// group of which NATS picks one each time. A model of Hugging Face may be named ORG/NAME or ORG--NAME. "*"
  /// for all.
  [[nodiscard]] std::string embed(std::string_view model) const;
  [[nodiscard]] std::string workers() const { return "workers"; }

  /// Key-value buckets (`nats kv ls`).
  [[nodiscard]] std::string sessions_bucket() const { return as_token(prefix_) + "_sessions"; }
  [[nodiscard]] std::string leases_bucket() const { return as_token(prefix_) + "_leases"; }

private:
  std::string prefix_;
  std::string upper_;
};

} // namespace trainyard
