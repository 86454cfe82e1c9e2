// The table of states and requests.
#include "actors/coordinator/host/session_rules.hpp"

#include <algorithm>

namespace trainyard {

namespace {

tl::unexpected<failure> conflict(const session_record& record, const std::string& verb, std::string remedy) {
  const auto& status = record.status;
  return fail(failure_kind::session_conflict,
              "session " + status.session_id + " is " + status.state + " and cannot be " + verb,
              std::move(remedy));
}

void queue_again(session_record& record) {
  auto& status = record.status;
  record.wanted = "running";
  status.state = "queued";
  status.reason.clear();
  status.code.clear();
  status.finished_at.clear();
  status.coordinator.clear();
  status.report.reset();
}

} // namespace

bool has_ended(const session_record& record) {
  const auto& state = record.status.state;
  return state == "completed" || state == "cancelled" || state == "failed";
}

void add_devices(session_status& status, const std::vector<std::string>& worked) {
  for (const auto& each : worked)
    if (std::ranges::find(status.devices, each) == status.devices.end())
      status.devices.push_back(each);
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
  const bool completed = record.status.state == "completed";
  if (completed && record.status.failed == 0)
    return conflict(record, "retried", "every image has its vector; submit it again to embed what is new");
  if (!has_ended(record))
    return conflict(record, "retried", "it has not ended");
  if (completed) {
    record.retry_failed = true;
    record.spec.prune.reset(); // asked for with a job, not with this
  }
  queue_again(record);
  return true;
}

bool ask_update(session_record& record, const session_spec& asked) {
  if (record.status.state != "completed")
    return false;
  record.spec.prune = asked.prune;
  queue_again(record);
  return true;
}

} // namespace trainyard
