// Records as JSON text, leases as the owner's id; every write is a comparison with the revision last seen.
#include "nodes/nats/nats_session_registry.hpp"

#include "messages/codec.hpp"

namespace trainyard {

namespace {

constexpr std::chrono::seconds lease_time{5};

result<registered_session> read(const bucket_entry& entry) {
  auto record = decode<session_record>(entry.value);
  std::string why;
  if (!record)
    why = record.error().cause;
  else if (record->status.session_id != entry.key)
    why = "it says that it is session '" + record->status.session_id + "'";
  if (why.empty())
    return registered_session{entry.revision, std::move(*record)};
  return fail(failure_kind::message_invalid,
              "the record of session '" + entry.key + "' cannot be read: " + printable_utf8(why),
              "delete it with `nats kv del` and submit the session again: what it has embedded stays");
}

std::vector<std::byte> value_of(const session_record& record) {
  return payload_of(to_json_text(record));
}

} // namespace

nats_session_registry::nats_session_registry(key_value sessions, key_value leases,
                                             session_registry_options options)
    : sessions_(std::move(sessions)), leases_(std::move(leases)), options_(std::move(options)) {}

result<std::unique_ptr<nats_session_registry>> nats_session_registry::open(std::shared_ptr<connection> link,
                                                                           session_registry_options options) {
  auto box = inbox::open(std::move(link));
  if (!box)
    return tl::unexpected(box.error());
  bucket_options with{options.names.sessions_bucket(), {}, options.replicas, options.timeout};
  auto sessions = key_value::open(*box, with);
  if (!sessions)
    return tl::unexpected(sessions.error());
  with.name = options.names.leases_bucket();
  with.max_age = lease_time;
  auto leases = key_value::open(*box, with);
  if (!leases)
    return tl::unexpected(leases.error());
  return std::unique_ptr<nats_session_registry>(
      new nats_session_registry(std::move(*sessions), std::move(*leases), std::move(options)));
}

result<std::vector<registered_session>> nats_session_registry::changes() {
  const auto entries = sessions_.changes(seen_);
  if (!entries)
    return tl::unexpected(entries.error());
  std::vector<registered_session> changed;
  for (const auto& each : *entries) {
    auto session = read(each);
    if (session)
      changed.push_back(std::move(*session));
    else if (options_.on_trouble)
      options_.on_trouble(session.error());
  }
  return changed;
}

result<std::optional<registered_session>> nats_session_registry::find(const std::string& session) {
  const auto entry = sessions_.get(session);
  if (!entry)
    return tl::unexpected(entry.error());
  if (!*entry)
    return std::nullopt;
  auto found = read(**entry);
  if (!found)
    return tl::unexpected(found.error());
  return std::move(*found);
}

result<std::optional<std::uint64_t>> nats_session_registry::create(const session_record& record) {
  return sessions_.create(record.status.session_id, value_of(record));
}

result<std::optional<std::uint64_t>> nats_session_registry::update(const session_record& record,
                                                                   std::uint64_t revision) {
  return sessions_.update(record.status.session_id, value_of(record), revision);
}

result<bool> nats_session_registry::take_lease(const std::string& session, const std::string& owner) {
  const auto taken = leases_.create(session, payload_of(owner));
  if (!taken)
    return tl::unexpected(taken.error());
  if (!*taken)
    return adopt_lease(session, owner);
  held_[{session, owner}] = **taken;
  return true;
}

result<bool> nats_session_registry::renew_lease(const std::string& session, const std::string& owner) {
  const auto held = held_.find({session, owner});
  if (held == held_.end())
    return adopt_lease(session, owner);
  const auto renewed = leases_.update(session, payload_of(owner), held->second);
  if (!renewed)
    return tl::unexpected(renewed.error());
  if (!*renewed)
    return adopt_lease(session, owner);
  held->second = **renewed;
  return true;
}

/// The lease may be ours in a revision that we do not know, as the reply that named it was lost. How long ago
/// that was is unknown as well, so it counts only once it is renewed.
result<bool> nats_session_registry::adopt_lease(const std::string& session, const std::string& owner) {
  held_.erase({session, owner});
  const auto there = leases_.get(session);
  if (!there)
    return tl::unexpected(there.error());
  if (!*there || text_of((*there)->value) != owner)
    return false;
  const auto renewed = leases_.update(session, payload_of(owner), (*there)->revision);
  if (!renewed)
    return tl::unexpected(renewed.error());
  if (*renewed)
    held_[{session, owner}] = **renewed;
  return renewed->has_value();
}

void nats_session_registry::release_lease(const std::string& session, const std::string& owner) {
  held_.erase({session, owner});
  if (const auto there = leases_.get(session); there && *there && text_of((*there)->value) == owner)
    (void)leases_.remove((*there)->revision);
}

} // namespace trainyard
