// The streams' configurations.
#include "nodes/nats/streams.hpp"

#include <nlohmann/json.hpp>

#include "nodes/nats/stream_making.hpp"

namespace trainyard {

namespace {

using json = nlohmann::json;

json stream_config(const std::string& name, const std::string& subject, const stream_options& options) {
  using std::chrono::nanoseconds;
  return {{"name", name},
          {"subjects", {subject}},
          {"retention", "workqueue"},
          {"storage", "file"},
          {"discard", "new"},
          {"max_consumers", -1},
          {"max_msgs", -1},
          {"max_age", 0},
          {"num_replicas", options.replicas},
          {"duplicate_window", nanoseconds(options.duplicate_window).count()}};
}

json work_config(const subjects& names, const stream_options& options) {
  auto config = stream_config(names.work_stream(), names.all_work(), options);
  config["max_bytes"] = options.work_max_bytes;
  config["max_msgs_per_subject"] = 1; // an occupied subject is "already queued", whoever asks and whenever
  config["discard_new_per_subject"] = true;
  return config;
}

json results_config(const subjects& names, const stream_options& options) {
  auto config = stream_config(names.results_stream(), names.all_results(), options);
  config["max_bytes"] = options.results_max_bytes;
  config["max_msgs_per_subject"] = -1;
  return config;
}

json jobs_config(const subjects& names, const stream_options& options) {
  auto config = stream_config(names.jobs_stream(), names.all_jobs(), options);
  config["max_bytes"] = options.jobs_max_bytes;
  config["max_msgs_per_subject"] = -1;
  return config;
}

} // namespace

result<void> ensure_streams(inbox& box, const subjects& names, const stream_options& options) {
  if (auto results = ensure_stream(box, results_config(names, options)); !results)
    return results;
  return ensure_stream(box, work_config(names, options));
}

result<void> ensure_jobs_stream(inbox& box, const subjects& names, const stream_options& options) {
  return ensure_stream(box, jobs_config(names, options));
}

} // namespace trainyard
