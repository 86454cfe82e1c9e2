// Totals as they were kept, in the report's words.
#include "actors/coordinator/outcome_report.hpp"

#include <algorithm>

namespace trainyard {

namespace {

device_report report_of(const device_totals& totals) {
  device_report device;
  device.id = totals.id;
  device.kind = totals.kind;
  device.name = totals.name;
  device.images = totals.images;
  device.batches = totals.batches;
  device.images_per_second =
      totals.forward_seconds > 0 ? static_cast<double>(totals.images) / totals.forward_seconds : 0;
  device.memory.limit_bytes = totals.limit_bytes;
  device.memory.peak_bytes = totals.peak_bytes;
  device.memory.after_first_batch_bytes = totals.after_first_batch_bytes;
  device.memory.steady_bytes = totals.memory.steady_bytes();
  device.memory.slope_bytes_per_batch = totals.memory.slope_bytes_per_batch();
  device.memory.collections = totals.collections.total();
  device.memory.collection_reasons = totals.collections;
  device.memory.collection_seconds = totals.collection_seconds;
  device.memory.micro_batch = totals.micro_batch;
  device.memory.oom_retries = totals.oom_retries;
  device.memory.oom_splits = totals.oom_splits;
  device.memory.series_bytes = totals.memory.points();
  device.memory.series_step_batches = totals.memory.step();
  return device;
}

} // namespace

session_report report_of(const session_outcome& outcome) {
  const auto& config = outcome.config;
  session_report report;
  report.session_id = outcome.session_id;
  report.state = outcome.state;
  report.reason = outcome.why ? outcome.why->cause : "";
  report.total = outcome.counts.total;
  report.embedded = outcome.counts.embedded;
  report.failed = outcome.counts.failed;
  report.pending = report.total - std::min(report.total, report.embedded + report.failed);
  report.seconds = outcome.seconds;
  const auto done_now =
      report.embedded + report.failed - std::min(report.embedded + report.failed, outcome.counts.done_before);
  report.images_per_second = outcome.seconds > 0 ? static_cast<double>(done_now) / outcome.seconds : 0;
  report.model = config.model;
  report.space_id = config.space_id;
  report.dim = config.dim;
  report.dtype = config.dtype;
  report.output = config.out.string();
  for (const auto& totals : outcome.devices)
    report.devices.push_back(report_of(totals));
  report.stages = {outcome.work.read, outcome.work.decode, outcome.work.forward, outcome.publish_seconds,
                   outcome.write_seconds};
  report.changes = outcome.changed;
  return report;
}

} // namespace trainyard
