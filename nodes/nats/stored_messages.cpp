// STREAM.MSG.GET, STREAM.MSG.DELETE, and the list of subjects in STREAM.INFO.
#include "nodes/nats/stored_messages.hpp"

#include <nlohmann/json.hpp>

#include "messages/json_codec.hpp"
#include "nodes/nats/jetstream_error.hpp"
#include "nodes/nats/json_fields.hpp"

namespace trainyard {

namespace {

using json = nlohmann::json;

constexpr int most_rounds = 100;

result<std::optional<stored_message>> read(const json& reply) {
  const auto found = object_at(reply, "message");
  const auto payload = from_base64(text_at(found, "data"));
  const auto headers = from_base64(text_at(found, "hdrs"));
  const auto sequence = number_at(found, "seq");
  if (!payload || !headers || sequence == 0)
    return fail(failure_kind::nats_protocol, "the server shows a stored message that makes no sense",
                "use a nats-server of version 2.9.10 or later");
  return stored_message{sequence, text_at(found, "subject"), std::string(text_of(*headers)), *payload};
}

} // namespace

result<std::optional<stored_message>> stored_messages::get(const json& which, int* code) const {
  int why = 0;
  const auto reply = box_->call_api("STREAM.MSG.GET." + stream_, which, &why, timeout_);
  if (reply)
    return read(*reply);
  if (code)
    *code = why;
  return why == jetstream_code::no_message_found ? result<std::optional<stored_message>>(std::nullopt)
                                                 : tl::unexpected(reply.error());
}

result<std::optional<stored_message>> stored_messages::last_of(const std::string& subject, int* code) const {
  return get(json{{"last_by_subj", subject}}, code);
}

result<std::optional<stored_message>> stored_messages::next_of(const std::string& subject, std::uint64_t from,
                                                               int* code) const {
  return get(json{{"seq", from}, {"next_by_subj", subject}}, code);
}

result<void> stored_messages::remove(std::uint64_t sequence, int* code) const {
  int why = 0;
  // Without no_erase the server would overwrite the message's bytes on disk first.
  const auto gone = box_->call_api("STREAM.MSG.DELETE." + stream_,
                                   json{{"seq", sequence}, {"no_erase", true}}, &why, timeout_);
  if (gone || why == jetstream_code::sequence_not_found)
    return {};
  if (code)
    *code = why;
  // "Could not delete" is also what the server says of a message that is gone.
  if (why == jetstream_code::message_not_deleted)
    if (const auto there = get(json{{"seq", sequence}}, code); there && !*there)
      return {};
  return tl::unexpected(gone.error());
}

namespace {

/// A page of the subjects; none where there is nothing, or no such stream.
result<std::vector<std::string>> list_subjects(inbox& box, const std::string& stream,
                                               const std::string& subject) {
  int code = 0;
  const auto info = box.call_api("STREAM.INFO." + stream, json{{"subjects_filter", subject}}, &code);
  if (!info && code != jetstream_code::stream_not_found)
    return tl::unexpected(info.error());
  const auto counts = info ? object_at(object_at(*info, "state"), "subjects") : json::object();
  std::vector<std::string> all;
  for (const auto& [each, count] : counts.items())
    all.push_back(each);
  return all;
}

/// From the first one on: when the last message of a subject is deleted, 2.9.10 no longer finds the last of
/// those that are left. By one subject after the other, as with a wildcard it reads the whole stream.
result<void> remove_each(const stored_messages& messages, const std::string& subject) {
  for (std::uint64_t from = 1;;) {
    const auto next = messages.next_of(subject, from);
    if (!next)
      return tl::unexpected(next.error());
    if (!*next)
      return {};
    from = (*next)->sequence + 1;
    if (auto gone = messages.remove((*next)->sequence); !gone)
      return gone;
  }
}

} // namespace

result<void> remove_all_of(const std::shared_ptr<inbox>& box, const std::string& stream,
                           const std::string& subject) {
  const stored_messages messages(box, stream);
  for (int round = 0; round < most_rounds; ++round) {
    const auto subjects = list_subjects(*box, stream, subject);
    if (!subjects)
      return tl::unexpected(subjects.error());
    if (subjects->empty())
      return {};
    for (const auto& each : *subjects)
      if (auto gone = remove_each(messages, each); !gone)
        return gone;
  }
  return fail(failure_kind::nats_timeout, "stream " + stream + " is still being written to at " + subject,
              "try again later");
}

} // namespace trainyard
