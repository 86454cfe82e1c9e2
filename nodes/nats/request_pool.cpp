// The connection's threads only queue. Refusals have a queue and a thread of their own: they must go out
// while a disk holds up all others, and sending may block as well.
#include "nodes/nats/request_pool.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

#include "actors/thread_group.hpp"
#include "messages/encoded_answer.hpp"

namespace trainyard {

namespace {

constexpr std::size_t most_refusals_waiting = 1'024; ///< beyond them silence says the same, only later

failure busy(const std::string& who) {
  return {failure_kind::coordinator_busy, who + " has as many requests in hand as it takes",
          "ask again in a moment"};
}

} // namespace

struct request_pool::state {
  std::shared_ptr<connection> link;
  answer_request give;
  request_pool_options options;
  std::mutex mutex; ///< guards all below but threads and ears
  std::condition_variable wake;
  std::condition_variable wake_refusals;
  std::deque<nats_message> waiting;
  std::deque<std::pair<std::string, bool>> refused; ///< where to, and whether in JSON
  bool stopping = false;
  std::vector<std::thread> threads;
  std::vector<subscription> ears;

  void take(nats_message message) {
    const std::lock_guard lock(mutex);
    if (waiting.size() < options.most_waiting) {
      waiting.push_back(std::move(message));
      wake.notify_one();
    } else if (refused.size() < most_refusals_waiting) {
      refused.emplace_back(std::move(message.reply), is_json(message.payload));
      wake_refusals.notify_one();
    }
  }

  void answer_until_stopped() {
    for (;;) {
      std::unique_lock lock(mutex);
      wake.wait(lock, [this] { return stopping || !waiting.empty(); });
      if (stopping)
        return;
      const auto message = std::move(waiting.front());
      waiting.pop_front();
      lock.unlock();
      answer(message);
    }
  }

  void refuse_until_stopped() {
    for (;;) {
      std::unique_lock lock(mutex);
      wake_refusals.wait(lock, [this] { return stopping || !refused.empty(); });
      if (stopping)
        return;
      const auto [reply, as_json] = std::move(refused.front());
      refused.pop_front();
      lock.unlock();
      (void)link->publish(reply, encoded_refusal(busy(options.who), as_json));
    }
  }

  /// What cannot be sent is asked for again by whoever waits for it, in smaller parts.
  void answer(const nats_message& message) {
    std::vector<std::byte> payload;
    try {
      payload = give(message);
    } catch (const std::exception& error) {
      payload = encoded_refusal({failure_kind::asset_io, options.who + ": " + error.what(), ""},
                                is_json(message.payload));
    }
    if (!message.reply.empty())
      (void)link->publish(message.reply, payload);
  }
};

request_pool::request_pool(std::unique_ptr<state> made) : state_(std::move(made)) {}

void request_pool::stop_listening() {
  state_->ears.clear(); // no callback of theirs runs from here on
}

request_pool::~request_pool() {
  stop_listening();
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->wake.notify_all();
  state_->wake_refusals.notify_all();
  for (auto& each : state_->threads)
    each.join();
  for (const auto& each : state_->waiting) // others may answer them: nobody shall wait for us
    (void)state_->link->publish(each.reply,
                                encoded_refusal(busy(state_->options.who), is_json(each.payload)));
}

result<std::unique_ptr<request_pool>> request_pool::open(std::shared_ptr<connection> link,
                                                         const std::vector<std::string>& subjects,
                                                         answer_request answer,
                                                         request_pool_options options) {
  std::unique_ptr<request_pool> made(new request_pool(std::make_unique<state>()));
  auto& state = *made->state_;
  state.link = std::move(link);
  state.give = std::move(answer);
  state.options = std::move(options);
  start_threads(state.threads, state.options.threads, [&state] { state.answer_until_stopped(); });
  state.threads.emplace_back([&state] { state.refuse_until_stopped(); });
  for (const auto& subject : subjects) {
    auto ear = state.link->subscribe(
        subject, [&state](nats_message message) { state.take(std::move(message)); },
        state.options.queue_group);
    if (!ear)
      return tl::unexpected(ear.error());
    state.ears.push_back(std::move(*ear));
  }
  (void)state.link->flush(std::chrono::seconds(2)); // the server knows of them before anybody is told of us
  return made;
}

} // namespace trainyard
