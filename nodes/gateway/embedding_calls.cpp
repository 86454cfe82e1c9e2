// The inputs of one request go out side by side, so that a device has more than one of them in a pass.
#include "nodes/gateway/embedding_calls.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "actors/thread_group.hpp"
#include "messages/api.hpp"
#include "messages/codec.hpp"
#include "messages/http_failure.hpp"
#include "nodes/http/problem.hpp"

namespace trainyard {
namespace {

constexpr std::size_t room_for_the_rest = 1'024; ///< of a message, beside the image

http_answer busy() {
  return problem_answer({kind_of(http_failure::too_many_requests),
                         "as many requests for embeddings wait as this gateway takes",
                         "ask again in a moment"});
}

/// What a worker answered, or why none did. Over a connection that `held`, unreachable can only mean that
/// nobody listens.
result<embed_answer> read_answer(const result<nats_message>& reply, const std::string& model, bool held) {
  if (!reply && held && reply.error().kind == failure_kind::nats_unreachable)
    return fail(failure_kind::model_missing, "no worker answers for the model '" + model + "'",
                "start one: trainyard worker --model " + model);
  if (!reply)
    return tl::unexpected(reply.error());
  if (const auto refused = decode<error_reply>(reply->payload)) {
    const auto& error = refused->error;
    return fail(kind_of_code(error.code).value_or(failure_kind::nats_protocol), error.message, error.remedy);
  }
  auto answer = decode<embed_answer>(reply->payload);
  if (answer && (answer->dim == 0 || answer->vector.bytes.size() != std::size_t{answer->dim} * sizeof(float)))
    return fail(failure_kind::nats_protocol, "a worker's answer has no whole vector",
                "run the same version of trainyard everywhere");
  return answer;
}

/// Another worker may have room, and one that stops is gone the next time.
bool may_pass(const failure& why) {
  return why.kind == failure_kind::coordinator_busy || why.kind == failure_kind::interrupted ||
         why.kind == failure_kind::device_unavailable;
}

/// The inputs of one request, and how far they are.
struct embedding_round {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::optional<result<embed_answer>>> answers;
  std::size_t out = 0;
  bool failed = false; ///< for good

  void came(std::size_t input, result<embed_answer> answer) {
    {
      const std::lock_guard lock(mutex);
      failed = failed || (!answer && !may_pass(answer.error()));
      answers[input].emplace(std::move(answer));
      --out;
    }
    changed.notify_all();
  }
  /// Asking again is in vain, or there is nothing to ask.
  [[nodiscard]] bool is_settled() {
    const std::lock_guard lock(mutex);
    bool any_open = false;
    for (std::size_t at = 0; at < answers.size(); ++at)
      any_open = any_open || is_open(at);
    return failed || !any_open;
  }
  [[nodiscard]] bool is_open(std::size_t input) const {
    const auto& answer = answers[input];
    return !answer || (!*answer && may_pass(answer->error()));
  }
};

} // namespace

struct embedding_calls::state {
  struct waiting_task {
    embedding_task task;
    answer_sink done;
  };
  std::shared_ptr<inbox> box;
  subjects names;
  post_task post;
  embedding_call_limits limits;

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<waiting_task> queue;
  std::atomic<bool> stopping = false;
  std::vector<std::thread> threads;

  [[nodiscard]] std::optional<failure> too_large(const embed_request& input) const {
    const auto most = box->link()->max_payload_bytes();
    const auto bytes = input.image.bytes.size() + input.text.size() + room_for_the_rest;
    if (most == 0 || bytes <= most)
      return std::nullopt;
    return failure{failure_kind::asset_too_large,
                   "it has " + std::to_string(bytes - room_for_the_rest) +
                       " bytes, and the cluster's messages hold " + std::to_string(most),
                   "send a smaller file, or raise max_payload of nats-server"};
  }

  void send(const std::string& model, const embed_request& input, std::size_t at,
            const std::shared_ptr<embedding_round>& round) const {
    if (auto why = too_large(input))
      return round->came(at, tl::unexpected(std::move(*why)));
    request what;
    what.subject = names.embed(model);
    what.payload = to_msgpack(input);
    what.timeout = limits.patience;
    const auto* link = box->link().get(); // outlives the inbox
    box->ask(std::move(what),
             [round, at, model, link, before = link->incarnation()](const result<nats_message>& reply) {
               round->came(at, read_answer(reply, model, link->connected() && link->incarnation() == before));
             });
  }

  /// Workers may take long; the gateway's end does not wait for them.
  template <class Condition>
  void wait(embedding_round& round, std::unique_lock<std::mutex>& lock, Condition met) const {
    while (!stopping && !round.changed.wait_for(lock, std::chrono::milliseconds(100), met)) {
    }
  }

  /// Once round: each input that has no answer, or one that may pass.
  void ask_open_ones(const std::string& model, const std::vector<embed_request>& inputs,
                     const std::shared_ptr<embedding_round>& round) const {
    std::unique_lock lock(round->mutex);
    for (std::size_t at = 0; at < inputs.size(); ++at) {
      wait(*round, lock, [&] { return round->out < limits.at_once; });
      if (round->failed || stopping)
        break;
      if (!round->is_open(at))
        continue;
      ++round->out;
      lock.unlock();
      send(model, inputs[at], at, round);
      lock.lock();
    }
    wait(*round, lock, [&] { return round->out == 0; });
  }

  [[nodiscard]] result<std::vector<embed_answer>> embed(const std::string& model,
                                                        const std::vector<embed_request>& inputs) const {
    const auto round = std::make_shared<embedding_round>();
    round->answers.resize(inputs.size());
    for (auto pause = limits.first_pause;; pause *= 2) {
      ask_open_ones(model, inputs, round);
      if (stopping)
        return fail(failure_kind::interrupted, "the gateway stops", "ask again in a moment");
      if (round->is_settled() || pause > limits.last_pause)
        return all_of(*round);
      std::this_thread::sleep_for(pause);
    }
  }

  /// The answers, or the first failure.
  static result<std::vector<embed_answer>> all_of(embedding_round& round) {
    std::vector<embed_answer> all;
    for (std::size_t at = 0; at < round.answers.size(); ++at) {
      auto& answer = round.answers[at];
      if (answer && *answer && !all.empty() && (*answer)->space_id != all.front().space_id)
        return fail(failure_kind::nats_protocol,
                    "two workers have different models of the name '" + all.front().model + "'",
                    "give one of them another folder's name");
      if (answer && *answer)
        all.push_back(std::move(**answer));
      else if (answer && (!round.failed || !may_pass(answer->error())))
        return fail(answer->error().kind,
                    (round.answers.size() > 1 ? "input " + std::to_string(at) + ": " : "") +
                        answer->error().cause,
                    answer->error().remedy);
    }
    return all;
  }

  void serve() {
    const embed_inputs ask = [this](const std::string& model, const std::vector<embed_request>& inputs) {
      return embed(model, inputs);
    };
    for (;;) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [this] { return stopping || !queue.empty(); });
      if (stopping)
        return;
      auto taken = std::move(queue.front());
      queue.pop_front();
      lock.unlock();
      auto answer = answer_of(taken.task, ask);
      post([done = std::move(taken.done), answer = std::move(answer)]() mutable { done(std::move(answer)); });
    }
  }

  /// Exhausted memory is this request's trouble alone.
  static http_answer answer_of(const embedding_task& task, const embed_inputs& ask) try {
    return task(ask);
  } catch (const std::exception& broken) {
    return problem_answer({failure_kind::internal, broken.what(), "send smaller images, or fewer"});
  }
};

embedding_calls::embedding_calls(const api_client& client, post_task post, embedding_call_limits limits)
    : state_(std::make_shared<state>()) {
  auto shared = client;
  state_->box = shared.shared_box();
  state_->names = client.names();
  state_->post = std::move(post);
  state_->limits = limits;
  start_threads(state_->threads, limits.threads, [of = state_.get()] { of->serve(); });
}

embedding_calls::~embedding_calls() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->changed.notify_all();
  for (auto& each : state_->threads)
    each.join();
}

void embedding_calls::run(embedding_task task, answer_sink done) {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->queue.size() < state_->limits.most_waiting) {
      state_->queue.push_back({std::move(task), std::move(done)});
      state_->changed.notify_one();
      return;
    }
  }
  done(busy());
}

} // namespace trainyard
