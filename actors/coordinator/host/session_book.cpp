// Compare and swap until it holds.
#include "actors/coordinator/host/session_book.hpp"

#include "actors/coordinator/host/session_rules.hpp"

namespace trainyard {

namespace {

constexpr int most_tries = 8;

failure unknown(const std::string& session) {
  return {failure_kind::session_unknown, "there is no session '" + session + "'",
          "`trainyard sessions` lists them"};
}

void take_over(const session_progress& from, session_status& status) {
  status.total = from.total;
  status.total_is_final = from.total_is_final;
  status.embedded = from.embedded;
  status.failed = from.failed;
  status.skipped = from.skipped;
  status.pending = from.pending;
  status.in_flight = from.in_flight;
  status.images_per_second = from.images_per_second;
  status.eta_seconds = from.eta_seconds;
  add_devices(status, from.devices);
  if (!from.reason.empty())
    status.reason = from.reason;
}

} // namespace

void session_book::keep(registered_session found) {
  auto& known = sessions_[found.record.status.session_id];
  known.revision = found.revision;
  known.record = std::move(found.record);
}

result<void> session_book::refresh() {
  auto changed = registry_.changes();
  if (!changed)
    return tl::unexpected(changed.error());
  for (auto& each : *changed)
    keep(std::move(each));
  return {};
}

result<session_record> session_book::look_up(const std::string& session) {
  auto found = registry_.find(session);
  if (!found)
    return tl::unexpected(found.error());
  if (!*found)
    return tl::unexpected(unknown(session));
  auto record = (*found)->record;
  keep(std::move(**found));
  return record;
}

result<bool> session_book::add(const session_record& record) {
  const auto made = registry_.create(record);
  if (!made)
    return tl::unexpected(made.error());
  if (*made)
    keep({**made, record});
  return made->has_value();
}

result<session_record> session_book::change(const std::string& session, const edit& how) {
  for (int tries = 0; tries < most_tries; ++tries) {
    auto record = look_up(session);
    if (!record)
      return record;
    const auto changes = how(*record);
    if (!changes)
      return tl::unexpected(changes.error());
    if (!*changes)
      return record;
    const auto written = registry_.update(*record, sessions_[session].revision);
    if (!written)
      return tl::unexpected(written.error());
    if (!*written)
      continue;
    keep({**written, *record});
    return record;
  }
  return fail(failure_kind::nats_timeout, "session " + session + " is being changed by others all the time",
              "try again");
}

void session_book::heard(session_progress progress, time_point now) {
  const auto found = sessions_.find(progress.session_id);
  if (found == sessions_.end())
    return;
  found->second.heard = std::move(progress);
  found->second.heard_at = now;
}

fleet_view::need need_of(const session_record& record) {
  return {record.pool, record.spec.model.value_or(""), "", record.status.root, record.remote};
}

session_status session_book::status_of(const known_session& which, const fleet_view& fleet,
                                       time_point now) const {
  auto status = which.record.status;
  if (has_ended(which.record))
    return status;
  if (status.coordinator.empty()) {
    if (status.state == "queued" && status.reason.empty())
      status.reason = "waits for a coordinator that has its root and room for one more session";
    return status;
  }
  if (!which.is_heard(now))
    return status;
  take_over(*which.heard, status);
  if (status.reason.empty() && status.state == "running" && status.images_per_second <= 0)
    status.reason = fleet.why_idle(need_of(which.record), now);
  return status;
}

} // namespace trainyard
