// natsConnection behind an interface of our own; the options are those that keep a fleet alive.
#include "nodes/nats/connection.hpp"

#include <algorithm>
#include <mutex>
#include <string_view>

#include "messages/json_codec.hpp"
#include "nodes/nats/connection_state.hpp"
#include "nodes/nats/random_text.hpp"

namespace trainyard {

namespace {

constexpr std::size_t longest_subject = 1'024; // the server cuts a connection whose control line passes 4 KiB

/// A space or line break in here would be read as protocol: the server would drop the connection.
bool fits_control_line(std::string_view text) {
  return text.size() <= longest_subject &&
         std::ranges::all_of(text, [](unsigned char c) { return c > ' ' && c != 0x7f; });
}

bool fits_header(const std::string& text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos;
}

natsStatus send(natsConnection* link, const std::string& subject, std::span<const std::byte> payload,
                const std::string& reply, const nats_headers& headers) {
  natsMsg* raw = nullptr;
  auto status =
      natsMsg_Create(&raw, subject.c_str(), reply.empty() ? nullptr : reply.c_str(),
                     reinterpret_cast<const char*>(payload.data()), static_cast<int>(payload.size()));
  const std::unique_ptr<natsMsg, decltype(&natsMsg_Destroy)> message(raw, natsMsg_Destroy);
  for (const auto& [name, value] : headers)
    if (status == NATS_OK)
      status = natsMsgHeader_Set(raw, name.c_str(), value.c_str());
  return status == NATS_OK ? natsConnection_PublishMsg(link, raw) : status;
}

} // namespace

connection::connection(std::unique_ptr<state> made) : state_(std::move(made)) {}

connection::~connection() {
  natsConnection_Destroy(state_->link); // ends in the closed event, the last one
  std::unique_lock lock(state_->watch->mutex);
  state_->watch->changed.wait(lock, [&] { return state_->watch->closed; });
}

result<std::shared_ptr<connection>> connection::open(connection_options options,
                                                     connection_status_sink sink) {
  static std::once_flag once;
  // Two delivery threads for the whole process instead of one for each subscription.
  std::call_once(once, [] { nats_SetMessageDeliveryPoolSize(2); });
  auto made = std::make_unique<state>();
  made->safe_url = safe_urls(options.urls);
  made->options = std::move(options);
  made->watch = std::make_shared<connection_watch>();
  made->watch->sink = std::move(sink);
  auto* box = new std::shared_ptr<connection_watch>(made->watch); // the closed event frees it
  auto settings = make_nats_options(made->options, made->safe_url, box);
  if (!settings) {
    delete box;
    return tl::unexpected(settings.error());
  }
  const auto status = natsConnection_Connect(&made->link, settings->get());
  if (status != NATS_OK) {
    delete box;
    return tl::unexpected(connect_failure(status, made->options, made->safe_url));
  }
  if (made->watch->sink)
    made->watch->sink(connection_event::connected);
  return std::shared_ptr<connection>(new connection(std::move(made)));
}

result<void> connection::publish(const std::string& subject, std::span<const std::byte> payload,
                                 const std::string& reply, const nats_headers& headers) {
  if (subject.empty() || !fits_control_line(subject) || !fits_control_line(reply))
    return fail(failure_kind::message_invalid, "'" + printable_utf8(subject) + "' is no subject");
  for (const auto& [name, value] : headers)
    if (name.empty() || !fits_header(name) || !fits_header(value))
      return fail(failure_kind::message_invalid, "header '" + printable_utf8(name) + "' holds a line break");
  const auto status = send(state_->link, subject, payload, reply, headers);
  if (status == NATS_OK)
    return {};
  if (status == NATS_MAX_PAYLOAD)
    return fail(failure_kind::message_invalid,
                subject + ": " + std::to_string(payload.size()) +
                    " bytes are more than the server's max_payload of " + std::to_string(max_payload_bytes()),
                "raise max_payload in the server's configuration (at most 8 MB) or lower batch_size");
  return fail(failure_kind::nats_unreachable, state_->safe_url + ": " + natsStatus_GetText(status));
}

result<void> connection::flush(std::chrono::milliseconds timeout) {
  const auto status = natsConnection_FlushTimeout(state_->link, std::max<std::int64_t>(1, timeout.count()));
  if (status == NATS_OK)
    return {};
  return fail(status == NATS_TIMEOUT ? failure_kind::nats_timeout : failure_kind::nats_unreachable,
              state_->safe_url + ": " + natsStatus_GetText(status));
}

bool connection::connected() const {
  return natsConnection_Status(state_->link) == NATS_CONN_STATUS_CONNECTED;
}
std::size_t connection::max_payload_bytes() const {
  return static_cast<std::size_t>(std::max<std::int64_t>(0, natsConnection_GetMaxPayload(state_->link)));
}
std::uint64_t connection::incarnation() const {
  return state_->watch->incarnation;
}
const connection_options& connection::options() const {
  return state_->options;
}
const std::string& connection::safe_url() const {
  return state_->safe_url;
}
std::string connection::unique_inbox() const {
  return state_->options.inbox_prefix + "." + random_hex(12);
}
std::string connection::last_complaint() const {
  const std::lock_guard lock(state_->watch->mutex);
  return state_->watch->complaint;
}

} // namespace trainyard
