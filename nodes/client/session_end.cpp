// From the status' fields to what a run tells.
#include "nodes/client/session_end.hpp"

namespace trainyard {

bool has_ended(const session_status& status) {
  return status.state == "completed" || status.state == "cancelled" || status.state == "failed";
}

session_progress progress_of(const session_status& status) {
  session_progress progress;
  progress.session_id = status.session_id;
  progress.state = status.state;
  progress.reason = status.reason;
  progress.total = status.total;
  progress.total_is_final = status.total_is_final;
  progress.embedded = status.embedded;
  progress.failed = status.failed;
  progress.skipped = status.skipped;
  progress.pending = status.pending;
  progress.in_flight = status.in_flight;
  progress.images_per_second = status.images_per_second;
  progress.eta_seconds = status.eta_seconds;
  return progress;
}

session_report report_of(const session_status& status) {
  if (status.report)
    return *status.report;
  session_report report;
  report.session_id = status.session_id;
  report.state = status.state;
  report.reason = status.reason;
  report.total = status.total;
  report.embedded = status.embedded;
  report.failed = status.failed;
  report.skipped = status.skipped;
  report.pending = status.pending;
  report.images_per_second = status.images_per_second;
  report.model = status.model;
  report.output = status.output;
  return report;
}

std::optional<failure> why_failed(const session_status& status) {
  if (status.state != "failed")
    return std::nullopt;
  return failure{
      kind_of_code(status.code).value_or(failure_kind::internal),
      "session " + status.session_id + " failed" + (status.reason.empty() ? "" : ": " + status.reason),
      "docs/errors.md tells what the code means; `trainyard retry " + status.session_id + "` tries again"};
}

int exit_status_of(const session_status& status) {
  if (const auto why = why_failed(status))
    return exit_status_of(why->kind);
  if (status.state == "cancelled")
    return exit_status_of(failure_kind::interrupted);
  return status.failed > 0 ? 3 : 0;
}

} // namespace trainyard
