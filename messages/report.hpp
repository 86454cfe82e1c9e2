// The final report of a session, as `run --json`, `submit --wait --json` and the status of a finished session
// show it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "messages/fields.hpp"
#include "messages/wire.hpp"

namespace trainyard {

struct memory_report {
  std::uint64_t limit_bytes = 0; ///< 0: unknown
  std::uint64_t peak_bytes = 0;
  std::uint64_t after_first_batch_bytes = 0;
  std::uint64_t steady_bytes = 0;
  double slope_bytes_per_batch = 0;
  std::uint64_t collections = 0;
  collection_counts collection_reasons{};
  double collection_seconds = 0;
  std::uint64_t oom_retries = 0;
  std::uint64_t oom_splits = 0;
  std::uint32_t micro_batch = 0;             ///< images per forward pass at the end
  std::vector<std::uint64_t> series_bytes{}; ///< after a batch, over time; at most a few hundred points
  std::uint64_t series_step_batches = 1;     ///< from one point to the next

  static constexpr auto fields() {
    return std::tuple{required("limit_bytes", &memory_report::limit_bytes),
                      required("peak_bytes", &memory_report::peak_bytes),
                      required("after_first_batch_bytes", &memory_report::after_first_batch_bytes),
                      required("steady_bytes", &memory_report::steady_bytes),
                      required("slope_bytes_per_batch", &memory_report::slope_bytes_per_batch),
                      required("collections", &memory_report::collections),
                      required("collection_reasons", &memory_report::collection_reasons),
                      required("collection_seconds", &memory_report::collection_seconds),
                      required("oom_retries", &memory_report::oom_retries),
                      required("oom_splits", &memory_report::oom_splits),
                      required("micro_batch", &memory_report::micro_batch),
                      required("series_bytes", &memory_report::series_bytes),
                      required("series_step_batches", &memory_report::series_step_batches)};
  }
};

struct device_report {
  std::string id{};
  std::string kind{};
  std::string name{};
  std::uint64_t images = 0;
  std::uint64_t batches = 0;
  double images_per_second = 0;
  memory_report memory{};

  static constexpr auto fields() {
    return std::tuple{required("id", &device_report::id),
                      required("kind", &device_report::kind),
                      required("name", &device_report::name),
                      required("images", &device_report::images),
                      required("batches", &device_report::batches),
                      required("images_per_second", &device_report::images_per_second),
                      required("memory", &device_report::memory)};
  }
};

/// Seconds of work per stage, summed over threads.
struct stages_report {
  double read = 0;
  double decode = 0;
  double forward = 0;
  double publish = 0;
  double write = 0;

  static constexpr auto fields() {
    return std::tuple{required("read", &stages_report::read), required("decode", &stages_report::decode),
                      required("forward", &stages_report::forward),
                      required("publish", &stages_report::publish), required("write", &stages_report::write)};
  }
};

/// How a directory differed from what its output held: of a run on an output that was there before. Each
/// image of the directory or of the output counts once, but `touched`, a part of `unchanged`.
struct changes_report {
  std::uint64_t added = 0;     ///< not in the output before: embedded
  std::uint64_t changed = 0;   ///< of another content: embedded again
  std::uint64_t retried = 0;   ///< failed before: embedded again, as asked
  std::uint64_t pruned = 0;    ///< not in the directory any more: gone from the output, as asked
  std::uint64_t vanished = 0;  ///< not in the directory any more: still in the output
  std::uint64_t unchanged = 0; ///< what the output holds of them stands as it was
  std::uint64_t touched = 0;   ///< of the unchanged: another time, the same SHA-256

  static constexpr auto fields() {
    return std::tuple{
        required("new", &changes_report::added),         required("changed", &changes_report::changed),
        required("retried", &changes_report::retried),   required("pruned", &changes_report::pruned),
        required("vanished", &changes_report::vanished), required("unchanged", &changes_report::unchanged),
        required("touched", &changes_report::touched)};
  }
  /// Whether the output has to follow.
  [[nodiscard]] bool any() const { return added + changed + retried + pruned + touched != 0; }
  bool operator==(const changes_report&) const = default;
};

/// embedded + failed + skipped = total at the end; what is missing of it before the end is pending. Fields
/// are only ever added.
struct session_report {
  std::int64_t schema = 1;
  std::string session_id{};
  std::string state{}; ///< completed, interrupted, failed
  std::string reason{};
  std::uint64_t total = 0;
  std::uint64_t embedded = 0;
  std::uint64_t failed = 0;
  std::uint64_t skipped = 0;
  std::uint64_t pending = 0;
  double seconds = 0;
  double images_per_second = 0;
  std::string model{};
  std::string space_id{};
  std::uint32_t dim = 0;
  std::string dtype{};
  std::string output{};
  std::vector<device_report> devices{};
  stages_report stages{};
  std::optional<changes_report> changes{}; ///< none: the output was new

  static constexpr auto fields() {
    return std::tuple{required("schema", &session_report::schema),
                      required("session_id", &session_report::session_id),
                      required("state", &session_report::state),
                      required("reason", &session_report::reason),
                      required("total", &session_report::total),
                      required("embedded", &session_report::embedded),
                      required("failed", &session_report::failed),
                      required("skipped", &session_report::skipped),
                      required("pending", &session_report::pending),
                      required("seconds", &session_report::seconds),
                      required("images_per_second", &session_report::images_per_second),
                      required("model", &session_report::model),
                      required("space_id", &session_report::space_id),
                      required("dim", &session_report::dim),
                      required("dtype", &session_report::dtype),
                      required("output", &session_report::output),
                      required("devices", &session_report::devices),
                      required("stages", &session_report::stages),
                      optional("changes", &session_report::changes)};
  }
};

} // namespace trainyard
