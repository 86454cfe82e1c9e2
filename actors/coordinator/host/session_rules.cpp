// The table of states and requests.
#include "actors/coordinator/host/session_rules.hpp"

namespace trainyard {

namespace {

tl::unexpected<failure> conflict(const session_record& record, const std::string& verb, std::string remedy) {
  const auto& status = record.status;
  return fail(failure_kind::session_conflict,
              "session " + status.session_id + " is " + status.state + " and cannot be " + verb,
              std::move(remedy));
}

} // namespace

bool has_ended(const session_record& record) {
  const auto& state = record.status.state;
  return state == "completed" || state == "cancelled" || state == "failed";
}

result<bool> ask_pause(session_record& record) {
  if (has_ended(record) || record.wanted == "cancelled")
    return conflict(record, "paused", "only a session that has not ended can be");
  if (record.wanted == "paused")
    return false;
  record.wanted = "paused";
  if (record.status.coordinator.empty())
    record.status.state = "paused";
  return true;
}

result<bool> ask_resume(session_record& record) {
  if (has_ended(record) || record.wanted == "cancelled")
    return conflict(record, "resumed", "a failed or cancelled one is taken up again by retry");
  if (record.wanted == "running")
    return false;
  record.wanted = "running";
  if (record.status.coordinator.empty())
    record.status.state = "queued";
  return true;
}

result<bool> ask_cancel(session_record& record, const std::string& now) {
  auto& status = record.status;
  if (status.state == "cancelled" || record.wanted == "cancelled")
    return false;
  if (has_ended(record))
    return conflict(record, "cancelled", "it is over already");
  record.wanted = "cancelled";
  if (status.coordinator.empty()) {
    status.state = "cancelled";
    status.finished_at = now;
  }
  return true;
}

result<bool> ask_retry(session_record& record) {
  auto& status = record.status;
  if (status.state == "completed")
    return conflict(record, "retried",
                    status.failed > 0
                        ? "its failed images stand in failures.jsonl; submit the directory with "
                          "another output once their cause is gone"
                        : "every image has its vector");
  if (!has_ended(record))
    return conflict(record, "retried", "it has not ended");
  record.wanted = "running";
  status.state = "queued";
  status.reason.clear();
  status.code.clear();
  status.finished_at.clear();
  status.coordinator.clear();
  status.report.reset();
  return true;
}

} // namespace trainyard
