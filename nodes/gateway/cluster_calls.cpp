// Threads take from a bounded queue. Reads of one moment share one flight; a write ends all sharing, so that
// nobody reads what was before his own write.
#include "nodes/gateway/cluster_calls.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "messages/http_failure.hpp"
#include "messages/json_codec.hpp"
#include "nodes/client/submission.hpp"
#include "nodes/gateway/stream_backlog.hpp"

namespace trainyard {
namespace {

using steady = std::chrono::steady_clock;

/// What is known of a session that no coordinator has taken yet.
std::string left_alone(const submission& made, const session_spec& spec) {
  session_status status;
  status.session_id = made.reply.session_id;
  status.state = made.reply.state;
  status.reason = made.left_in_queue ? "no coordinator answers: the job waits in the queue" : "";
  status.root = spec.root.value_or("");
  status.training_directory = spec.training_directory;
  status.model = spec.model.value_or("");
  return to_json_text(status);
}

result<std::string> submit_and_show(api_client& api, const std::string& payload) {
  auto spec = from_json_text<session_spec>(bytes_of(payload));
  if (!spec)
    return tl::unexpected(spec.error());
  const auto made = submit(api, *spec);
  if (!made)
    return tl::unexpected(made.error());
  if (made->left_in_queue)
    return left_alone(*made, *spec);
  auto shown = api.call("status", made->reply.session_id, "{}");
  return shown ? std::move(*shown) : left_alone(*made, *spec); // it is there, whoever cannot tell of it now
}

result<std::string> answer_of(api_client& api, const cluster_question& question) {
  if (question.verb == "submit")
    return submit_and_show(api, question.payload);
  if (question.verb == "streams")
    return ask_backlog(api);
  return api.call(question.verb, question.session, question.payload);
}

bool only_reads(const cluster_question& question) {
  return question.verb == "list" || question.verb == "devices" || question.verb == "status" ||
         question.verb == "failures" || question.verb == "streams";
}

/// One question on its way, and all who wait for it.
struct flight {
  cluster_question question;
  std::vector<cluster_answer> waiting;
  std::optional<result<std::string>> answer;
  steady::time_point answered_at{};
};

} // namespace

struct cluster_calls::state {
  post_task post;
  cluster_call_limits limits;
  std::map<cluster_question, std::shared_ptr<flight>> shared; ///< the server's thread only

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::shared_ptr<flight>> queue;
  bool stopping = false;
  std::vector<std::thread> threads;

  /// False where the queue is full.
  bool enqueue(std::shared_ptr<flight> what) {
    {
      const std::lock_guard lock(mutex);
      if (queue.size() >= limits.most_waiting)
        return false;
      queue.push_back(std::move(what));
    }
    changed.notify_one();
    return true;
  }

  std::shared_ptr<flight> next() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return stopping || !queue.empty(); });
    if (stopping)
      return nullptr;
    auto taken = std::move(queue.front());
    queue.pop_front();
    return taken;
  }

  void forget_old(steady::time_point now) {
    std::erase_if(shared, [&](const auto& each) {
      return each.second->answer && now - each.second->answered_at > limits.fresh;
    });
  }
};

namespace {

void land(flight& of, result<std::string> answer) {
  of.answered_at = steady::now();
  of.answer = std::move(answer);
  for (const auto& each : std::exchange(of.waiting, {}))
    each(*of.answer);
}

} // namespace

cluster_calls::cluster_calls(api_client client, post_task post, cluster_call_limits limits)
    : state_(std::make_shared<state>()) {
  state_->post = std::move(post);
  state_->limits = limits;
  for (std::size_t i = 0; i < limits.threads; ++i)
    state_->threads.emplace_back([of = state_.get(), api = client]() mutable {
      while (const auto taken = of->next()) {
        auto answer = answer_of(api, taken->question);
        of->post([of, taken, answer = std::move(answer)]() mutable {
          if (!only_reads(taken->question))
            of->shared.clear();
          land(*taken, std::move(answer));
        });
      }
    });
}

cluster_calls::~cluster_calls() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->changed.notify_all();
  for (auto& each : state_->threads)
    each.join();
}

void cluster_calls::ask(cluster_question question, cluster_answer done) {
  const bool reads = only_reads(question);
  const auto now = steady::now();
  state_->forget_old(now);
  if (!reads)
    state_->shared.clear();
  if (const auto known = state_->shared.find(question); known != state_->shared.end()) {
    auto& there = *known->second;
    return there.answer ? done(*there.answer) : there.waiting.push_back(std::move(done));
  }
  auto fresh = std::make_shared<flight>(flight{std::move(question), {std::move(done)}, {}, {}});
  if (!state_->enqueue(fresh))
    return land(*fresh,
                fail(kind_of(http_failure::too_many_requests),
                     "as many requests to the cluster wait as this gateway takes", "ask again in a moment"));
  if (reads)
    state_->shared.emplace(fresh->question, fresh);
}

} // namespace trainyard
