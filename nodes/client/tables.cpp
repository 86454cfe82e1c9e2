// Columns that people look for first stand first.
#include "nodes/client/tables.hpp"

#include "nodes/client/columns.hpp"
#include "nodes/terminal/units.hpp"

namespace trainyard {
namespace {

using rows = std::vector<std::vector<std::string>>;

std::string done_text(const session_status& status) {
  return with_thousands(status.embedded + status.failed + status.skipped) + "/" +
         with_thousands(status.total) + (status.total_is_final ? "" : "+");
}

std::string eta_text(const session_status& status) {
  return status.eta_seconds ? duration_text(std::chrono::duration<double>(*status.eta_seconds)) : "-";
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

/// "photos:2024/may", or the absolute folder of a session whose root is not known.
std::string folder_text(const session_status& status) {
  return status.root.empty() ? or_dash(status.training_directory)
                             : status.root + ":" + status.training_directory;
}

std::string memory_text(const device_status& device) {
  return bytes_text(device.memory_bytes) +
         (device.memory_limit_bytes > 0 ? " of " + bytes_text(device.memory_limit_bytes) : "");
}

} // namespace

std::string status_table(const session_status& status) {
  auto images = with_thousands(status.embedded) + " embedded, " + with_thousands(status.failed) +
                " failed, " + with_thousands(status.skipped) + " skipped, " + with_thousands(status.pending) +
                " pending of " + with_thousands(status.total) + (status.total_is_final ? "" : " or more");
  std::string devices;
  for (const auto& each : status.devices)
    devices += (devices.empty() ? "" : ", ") + each;
  return in_columns({
      {"session", " " + status.session_id},
      {"state", " " + status.state + (status.reason.empty() ? "" : ": " + status.reason)},
      {"images", " " + images},
      {"rate", " " + rate_text(status.images_per_second) + " img/s, ETA " + eta_text(status) + ", " +
                   with_thousands(status.in_flight) + " batches in flight"},
      {"folder", " " + folder_text(status)},
      {"model", " " + or_dash(status.model)},
      {"order", " priority " + std::to_string(status.priority) + ", weight " + rate_text(status.weight)},
      {"output", " " + or_dash(status.output)},
      {"devices", " " + or_dash(devices)},
      {"submitted", " " + or_dash(status.submitted_at)},
      {"started", " " + or_dash(status.started_at)},
      {"finished", " " + or_dash(status.finished_at)},
      {"coordinator", " " + or_dash(status.coordinator)},
  });
}

std::string sessions_table(const session_list& list) {
  if (list.sessions.empty())
    return "There are no sessions.\n";
  rows out{{"SESSION", "STATE", "DONE", "FAILED", "IMG/S", "ETA", "MODEL", "FOLDER", "REASON"}};
  for (const auto& each : list.sessions)
    out.push_back({each.session_id, each.state, done_text(each), with_thousands(each.failed),
                   rate_text(each.images_per_second), eta_text(each), or_dash(each.model), folder_text(each),
                   each.reason});
  return in_columns(out);
}

std::string devices_table(const device_list& list) {
  if (list.devices.empty())
    return "There are no devices: no worker has been heard of.\n";
  rows out{{"NODE", "DEVICE", "STATE", "MODEL", "PRECISION", "IMAGES", "IMG/S", "MEMORY", "PEAK", "NAME"}};
  for (const auto& each : list.devices)
    out.push_back({each.node, each.id, each.state, or_dash(each.model), or_dash(each.precision),
                   with_thousands(each.images), rate_text(each.images_per_second), memory_text(each),
                   bytes_text(each.memory_peak_bytes), each.name});
  return in_columns(out);
}

std::string failures_table(const failure_page& page) {
  if (page.failures.empty())
    return page.offset == 0 ? "No image of this session failed.\n" : "There are no more failures.\n";
  rows out{{"CODE", "STAGE", "ATTEMPTS", "ASSET", "REASON"}};
  for (const auto& each : page.failures)
    out.push_back({each.code, each.stage, std::to_string(each.attempts), each.asset, each.reason});
  return in_columns(out);
}

} // namespace trainyard
