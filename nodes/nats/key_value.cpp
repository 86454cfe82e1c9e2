// Each key is a subject that holds one message; its sequence is the revision.
#include "nodes/nats/key_value.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "messages/subjects.hpp"
#include "nodes/nats/jetstream_error.hpp"
#include "nodes/nats/json_fields.hpp"
#include "nodes/nats/stream_making.hpp"

namespace trainyard {

namespace {

using json = nlohmann::json;

/// What `nats kv del` and `nats kv purge` leave behind.
bool is_deletion(const stored_message& message) {
  return message.headers.find("KV-Operation: DEL") != std::string::npos ||
         message.headers.find("KV-Operation: PURGE") != std::string::npos;
}

json stream_of(const std::string& stream, const std::string& prefix, const bucket_options& options) {
  using std::chrono::nanoseconds;
  return {{"name", stream},
          {"subjects", {prefix + ">"}},
          {"retention", "limits"},
          {"storage", "file"},
          {"discard", "new"},
          {"max_consumers", -1},
          {"max_msgs", -1},
          {"max_bytes", -1},
          {"max_msgs_per_subject", 1}, // `nats kv` calls it history
          {"max_age", nanoseconds(options.max_age).count()},
          {"allow_rollup_hdrs", true},
          {"deny_delete", false}, // unlike `nats kv add`: remove() deletes by revision
          {"num_replicas", options.replicas}};
}

} // namespace

key_value::key_value(std::shared_ptr<inbox> box, bucket_options options)
    : box_(std::move(box)), options_(std::move(options)), stream_("KV_" + options_.name),
      prefix_("$KV." + options_.name + "."), messages_(box_, stream_, options_.timeout) {}

result<key_value> key_value::open(std::shared_ptr<inbox> box, bucket_options options) {
  if (!is_token(options.name))
    return fail(failure_kind::message_invalid,
                "bucket '" + options.name + "' is not 1 to 64 of [A-Za-z0-9_-]");
  key_value made(std::move(box), std::move(options));
  if (auto there = made.ensure(); !there)
    return tl::unexpected(there.error());
  return made;
}

result<void> key_value::ensure() {
  return ensure_stream(*box_, stream_of(stream_, prefix_, options_));
}

result<void> key_value::check_key(const std::string& key) const {
  if (is_token(key))
    return {};
  return fail(failure_kind::message_invalid,
              "key '" + key + "' of bucket " + options_.name + " is not 1 to 64 of [A-Za-z0-9_-]");
}

template <class Ask>
auto key_value::with_bucket(Ask ask) -> decltype(ask(std::declval<int&>())) {
  const auto incarnation = box_->link()->incarnation();
  int code = 0;
  auto got = ask(code);
  if (got)
    return got;
  // Nobody serves the subject though the connection stands: there is no stream to take it.
  const bool unserved = code == 0 && got.error().kind == failure_kind::nats_unreachable &&
                        box_->link()->connected() && box_->link()->incarnation() == incarnation;
  if (!unserved && code != jetstream_code::stream_not_found)
    return got;
  if (const auto made = ensure(); !made)
    return tl::unexpected(made.error());
  return ask(code);
}

result<std::optional<std::uint64_t>>
key_value::put(const std::string& key, const std::vector<std::byte>& value, std::uint64_t expected) {
  return with_bucket([&](int& code) -> result<std::optional<std::uint64_t>> {
    request what;
    what.subject = prefix_ + key;
    what.headers = {{"Nats-Expected-Last-Subject-Sequence", std::to_string(expected)}};
    what.payload = value;
    what.timeout = options_.timeout;
    const auto stored = box_->call_json(std::move(what), &code);
    if (!stored && code == jetstream_code::wrong_last_sequence)
      return std::nullopt;
    if (!stored)
      return tl::unexpected(stored.error());
    return number_at(*stored, "seq");
  });
}

result<std::optional<stored_message>> key_value::last(const std::string& key) {
  return with_bucket([&](int& code) { return messages_.last_of(prefix_ + key, &code); });
}

result<std::optional<std::uint64_t>> key_value::create(const std::string& key,
                                                       const std::vector<std::byte>& value) {
  if (auto good = check_key(key); !good)
    return tl::unexpected(good.error());
  const auto made = put(key, value, 0);
  if (!made || *made)
    return made;
  const auto there = last(key);
  if (!there)
    return tl::unexpected(there.error());
  if (*there && is_deletion(**there)) // an operator deleted it, which left a mark
    return put(key, value, (*there)->sequence);
  return std::nullopt;
}

result<std::optional<std::uint64_t>>
key_value::update(const std::string& key, const std::vector<std::byte>& value, std::uint64_t revision) {
  if (auto good = check_key(key); !good)
    return tl::unexpected(good.error());
  if (revision == 0) // to the server that would mean "create"
    return std::nullopt;
  return put(key, value, revision);
}

result<std::optional<bucket_entry>> key_value::get(const std::string& key) {
  if (auto good = check_key(key); !good)
    return tl::unexpected(good.error());
  auto there = last(key);
  if (!there)
    return tl::unexpected(there.error());
  if (!*there || is_deletion(**there))
    return std::nullopt;
  return bucket_entry{key, (*there)->sequence, std::move((*there)->payload)};
}

result<void> key_value::remove(std::uint64_t revision) {
  return with_bucket([&](int& code) { return messages_.remove(revision, &code); });
}

result<std::vector<bucket_entry>> key_value::changes(bucket_cursor& since) {
  return with_bucket([&](int& code) { return walk(since, code); });
}

result<std::vector<bucket_entry>> key_value::walk(bucket_cursor& since, int& code) {
  const auto incarnation = box_->link()->incarnation(); // before we ask: a restart in between shows next time
  const auto info = box_->call_api("STREAM.INFO." + stream_, json(), &code, options_.timeout);
  if (!info)
    return tl::unexpected(info.error());
  const auto last = number_at(object_at(*info, "state"), "last_seq");
  const bool goes_on = since.created == text_at(*info, "created") && since.incarnation == incarnation &&
                       since.sequence <= last;
  auto next = goes_on ? since.sequence + 1 : 1;
  std::vector<bucket_entry> changed;
  while (next <= last) {
    auto found = messages_.next_of(prefix_ + ">", next, &code);
    if (!found)
      return tl::unexpected(found.error());
    if (!*found)
      break;
    next = (*found)->sequence + 1;
    if (!is_deletion(**found) && (*found)->subject.starts_with(prefix_))
      changed.push_back(
          {(*found)->subject.substr(prefix_.size()), (*found)->sequence, std::move((*found)->payload)});
  }
  since = {text_at(*info, "created"), std::max(last, next - 1), incarnation};
  return changed;
}

} // namespace trainyard
