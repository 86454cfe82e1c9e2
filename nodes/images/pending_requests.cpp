// One condition for all waits: there are few threads, and an answer is a large message.
#include "nodes/images/pending_requests.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>

#include "messages/api.hpp"

namespace trainyard {

struct pending_requests::answer {
  std::optional<result<nats_message>> got;
};

struct pending_requests::state {
  std::mutex mutex; ///< guards all below and every answer
  std::condition_variable changed;
  bool stopping = false;
};

failure interrupted_wait() {
  return {failure_kind::interrupted, "the process ends", ""};
}

failure refusal_of(const nats_message& message, const failure& otherwise) {
  const auto refused = decode<error_reply>(message.payload);
  if (!refused)
    return otherwise;
  const auto& why = refused->error;
  return {kind_of_code(why.code).value_or(failure_kind::nats_protocol), why.message, why.remedy};
}

pending_requests::pending_requests(std::shared_ptr<inbox> box)
    : box_(std::move(box)), state_(std::make_shared<state>()) {}

pending_requests::~pending_requests() {
  stop();
}

pending_requests::handle pending_requests::ask(request what) {
  auto made = std::make_shared<answer>();
  box_->ask(std::move(what), [made, shared = state_](result<nats_message> got) {
    {
      const std::lock_guard lock(shared->mutex);
      made->got = std::move(got);
    }
    shared->changed.notify_all();
  });
  return made;
}

result<nats_message> pending_requests::wait(const handle& which) {
  std::unique_lock lock(state_->mutex);
  state_->changed.wait(lock, [&] { return state_->stopping || which->got; });
  if (state_->stopping)
    return tl::unexpected(interrupted_wait());
  return std::move(*which->got);
}

bool pending_requests::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(state_->mutex);
  return !state_->changed.wait_for(lock, time, [&] { return state_->stopping; });
}

void pending_requests::stop() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->changed.notify_all();
}

const std::shared_ptr<connection>& pending_requests::link() const {
  return box_->link();
}

} // namespace trainyard
