// Ask first, make what is missing, shrink what does not fit.
#include "nodes/nats/stream_making.hpp"

#include <chrono>
#include <cstdint>
#include <thread>

#include <nlohmann/json.hpp>

#include "nodes/nats/jetstream_error.hpp"

namespace trainyard {

namespace {

using json = nlohmann::json;

constexpr std::int64_t smallest_stream_bytes = 16LL << 20;

/// A missing field is its zero: the server leaves those out.
bool same_meaning(const json& wanted, const json& found) {
  if (!found.is_null())
    return wanted == found;
  return wanted == json(0) || wanted == json(-1) || wanted == json(false);
}

result<void> check_stream(const json& wanted, const json& info) {
  const auto config = info.is_object() && info.contains("config") ? info["config"] : json::object();
  for (const char* field : {"subjects", "retention", "storage", "discard", "max_msgs_per_subject",
                            "discard_new_per_subject", "max_age", "deny_delete"}) {
    const auto need = wanted.contains(field) ? wanted[field] : json();
    const auto have = config.contains(field) ? config[field] : json();
    if (need.is_null() ? have.is_null() || have == json(false) : same_meaning(need, have))
      continue;
    return fail(failure_kind::nats_protocol,
                "stream " + wanted["name"].get<std::string>() + " has " + field + " = " + have.dump() +
                    " where trainyard needs " + need.dump(),
                "delete or rename that stream");
  }
  return {};
}

tl::unexpected<failure> explain(failure why, int code) {
  if (code == jetstream_code::not_enabled || code == jetstream_code::not_enabled_for_account)
    why.remedy = "start nats-server with JetStream (-js) and enable it for this account";
  if (code == jetstream_code::storage_exceeded || code == jetstream_code::not_enough_storage)
    why.remedy = "raise max_file_store in the server's configuration or free disk space";
  return tl::unexpected(std::move(why));
}

enum class creation { made, found, no_room };

/// The stream was there all along, or somebody was quicker.
result<creation> look_again(inbox& box, const json& wanted, creation otherwise) {
  int code = 0;
  const auto info = box.call_api("STREAM.INFO." + wanted["name"].get<std::string>(), json(), &code);
  if (!info)
    return code == jetstream_code::stream_not_found ? result<creation>(otherwise)
                                                    : explain(info.error(), code);
  const auto checked = check_stream(wanted, *info);
  return checked ? result<creation>(creation::found) : tl::unexpected(checked.error());
}

result<creation> try_create(inbox& box, const json& wanted) {
  int code = 0;
  const auto made = box.call_api("STREAM.CREATE." + wanted["name"].get<std::string>(), wanted, &code);
  if (made)
    return creation::made;
  if (code ==
      jetstream_code::storage_exceeded) // or another creator's stream holds the room and is about to show
    return look_again(box, wanted, creation::no_room);
  if (code == jetstream_code::stream_name_in_use)
    return look_again(box, wanted, creation::found);
  return explain(made.error(), code);
}

tl::unexpected<failure> no_room_for(const json& wanted) {
  return explain(failure{failure_kind::nats_protocol,
                         "the server has no room for stream " + wanted["name"].get<std::string>(), ""},
                 jetstream_code::storage_exceeded);
}

/// Any stream, one without a limit too, needs a byte that no other has reserved, and the server does not say
/// how much storage it has left. So ask for twice as much, for less until it agrees, and keep half of that:
/// what is made next finds room.
result<void> create_limited(inbox& box, json wanted) {
  const auto most = 2 * wanted["max_bytes"].get<std::int64_t>();
  for (auto bytes = most; bytes == most || bytes >= smallest_stream_bytes; bytes /= 2) {
    wanted["max_bytes"] = bytes;
    const auto outcome = try_create(box, wanted);
    if (!outcome)
      return tl::unexpected(outcome.error());
    if (*outcome == creation::no_room)
      continue;
    if (*outcome == creation::found)
      return {};
    wanted["max_bytes"] = bytes / 2;
    const auto shrunk = box.call_api("STREAM.UPDATE." + wanted["name"].get<std::string>(), wanted);
    return shrunk ? result<void>() : tl::unexpected(shrunk.error());
  }
  return no_room_for(wanted);
}

/// Where several start at once, one of them may just hold twice of what it will keep (create_limited): the
/// room that is missing comes back within a round trip or two.
result<void> create_unlimited(inbox& box, const json& wanted) {
  for (int tries = 0; tries < 20; ++tries) {
    const auto outcome = try_create(box, wanted);
    if (!outcome)
      return tl::unexpected(outcome.error());
    if (*outcome != creation::no_room)
      return {};
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return no_room_for(wanted);
}

} // namespace

result<void> ensure_stream(inbox& box, const json& wanted) {
  int code = 0;
  const auto info = box.call_api("STREAM.INFO." + wanted["name"].get<std::string>(), json(), &code);
  if (info)
    return check_stream(wanted, *info);
  if (code != jetstream_code::stream_not_found)
    return explain(info.error(), code);
  return wanted["max_bytes"] < 0 ? create_unlimited(box, wanted) : create_limited(box, wanted);
}

} // namespace trainyard
