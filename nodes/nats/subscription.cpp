// A subscription that can be ended for certain: nats.c tells when its last callback is over.
#include <charconv>
#include <cstring>

#include "nodes/nats/connection_state.hpp"

namespace trainyard {

namespace {

/// Shared by the owner and nats.c's delivery thread.
struct delivery_end {
  nats_sink sink;
  std::mutex mutex;
  std::condition_variable changed;
  bool over = false;
};
using end_box = std::shared_ptr<delivery_end>;

const char* header(natsMsg* message, const char* name) {
  const char* value = nullptr;
  return natsMsgHeader_Get(message, name, &value) == NATS_OK ? value : nullptr;
}

template <class Number>
bool number(const char* text, Number& value) {
  return text && std::from_chars(text, text + std::strlen(text), value).ec == std::errc();
}

void read_status(natsMsg* from, nats_message& to) {
  if (!number(header(from, "Status"), to.status))
    return;
  if (const char* text = header(from, "Description"))
    to.description = text;
  to.has_pending = number(header(from, "Nats-Pending-Messages"), to.pending_messages);
}

/// A sink that throws is a mistake in this program: better to end here than to lose a message silently.
void on_message(natsConnection*, natsSubscription*, natsMsg* raw, void* box) noexcept {
  const std::unique_ptr<natsMsg, decltype(&natsMsg_Destroy)> owner(raw, natsMsg_Destroy);
  nats_message message;
  message.subject = natsMsg_GetSubject(raw);
  if (const char* reply = natsMsg_GetReply(raw))
    message.reply = reply;
  const auto* data = reinterpret_cast<const std::byte*>(natsMsg_GetData(raw));
  const auto size = static_cast<std::size_t>(natsMsg_GetDataLength(raw));
  message.payload.assign(data, data + size);
  if (size == 0) // a status comes without a payload
    read_status(raw, message);
  (*static_cast<end_box*>(box))->sink(std::move(message));
}

void on_complete(void* box) noexcept {
  const std::unique_ptr<end_box> last(static_cast<end_box*>(box));
  const std::lock_guard lock((*last)->mutex);
  (*last)->over = true;
  (*last)->changed.notify_all();
}

} // namespace

struct subscription::state {
  natsSubscription* raw;
  end_box end;
};

subscription::subscription() noexcept = default;
subscription::subscription(std::unique_ptr<state> made) noexcept : state_(std::move(made)) {}
subscription::subscription(subscription&&) noexcept = default;
subscription& subscription::operator=(subscription&& other) noexcept {
  close();
  state_ = std::move(other.state_);
  return *this;
}
subscription::~subscription() {
  close();
}

void subscription::close() {
  if (!state_)
    return;
  natsSubscription_Unsubscribe(state_->raw); // fails when the connection is closed, which ended it as well
  {
    std::unique_lock lock(state_->end->mutex);
    state_->end->changed.wait(lock, [&] { return state_->end->over; });
  }
  natsSubscription_Destroy(state_->raw);
  state_.reset();
}

result<subscription> connection::subscribe(const std::string& subject, nats_sink sink,
                                           const std::string& queue) {
  auto end = std::make_shared<delivery_end>();
  end->sink = std::move(sink);
  auto* box = new end_box(end); // on_complete frees it
  natsSubscription* raw = nullptr;
  auto status = queue.empty() ? natsConnection_Subscribe(&raw, state_->link, subject.c_str(), on_message, box)
                              : natsConnection_QueueSubscribe(&raw, state_->link, subject.c_str(),
                                                              queue.c_str(), on_message, box);
  if (status != NATS_OK) {
    delete box;
    return fail(failure_kind::nats_unreachable,
                state_->safe_url + ": cannot subscribe to " + subject + ": " + natsStatus_GetText(status));
  }
  status = natsSubscription_SetOnCompleteCB(raw, on_complete, box);
  if (status == NATS_OK)
    status = natsSubscription_SetPendingLimits(raw, -1, -1); // a dropped reply would be a lost one
  if (status == NATS_OK)
    return subscription(std::unique_ptr<subscription::state>(new subscription::state{raw, std::move(end)}));
  // The connection was closed in between. The box stays: its callback may be running this very moment.
  natsSubscription_Destroy(raw);
  return fail(failure_kind::nats_unreachable, state_->safe_url + ": " + natsStatus_GetText(status));
}

} // namespace trainyard
