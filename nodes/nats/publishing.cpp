// Error 10077 means "already queued" or "full"; only its text tells which.
#include "nodes/nats/publishing.hpp"

#include <nlohmann/json.hpp>

#include "nodes/nats/jetstream_error.hpp"

namespace trainyard {

namespace {

publish_outcome outcome_of_error(const jetstream_error& error, std::optional<failure>& trouble) {
  if (error.code == jetstream_code::not_stored && error.text.find("per subject") != std::string::npos)
    return publish_outcome::already_queued;
  if (error.code == jetstream_code::not_stored || error.code == jetstream_code::not_enough_storage ||
      error.code == jetstream_code::storage_exceeded)
    return publish_outcome::full;
  trouble =
      failure{failure_kind::nats_protocol,
              "the server refused a message: " + error.text + " (" + std::to_string(error.code) + ")", ""};
  return publish_outcome::unknown;
}

} // namespace

publish_outcome outcome_of(const result<nats_message>& reply, std::optional<failure>& trouble) {
  if (!reply) {
    const auto kind = reply.error().kind;
    if (kind == failure_kind::nats_protocol || kind == failure_kind::message_invalid)
      trouble = reply.error();
    return kind == failure_kind::message_invalid ? publish_outcome::refused : publish_outcome::unknown;
  }
  const auto parsed = nlohmann::json::parse(text_of(reply->payload), nullptr, false);
  if (!parsed.is_object())
    return publish_outcome::unknown;
  if (const auto error = parsed.find("error"); error != parsed.end())
    return error->is_object() ? outcome_of_error(jetstream_error_of(*error), trouble)
                              : publish_outcome::unknown;
  // "duplicate": the same attempt was stored before, which is what the caller wants to know.
  return parsed.contains("seq") ? publish_outcome::stored : publish_outcome::unknown;
}

void publish_to_stream(inbox& box, const nats_link_options& options, request what,
                       const std::string& message_id, publish_done done) {
  what.headers.emplace_back("Nats-Msg-Id", message_id);
  what.timeout = options.publish_timeout;
  box.ask(std::move(what),
          [done = std::move(done), tell = options.on_trouble](const result<nats_message>& reply) {
            std::optional<failure> trouble;
            const auto outcome = outcome_of(reply, trouble);
            if (trouble && tell)
              tell(*trouble);
            if (done)
              done(outcome);
          });
}

} // namespace trainyard
