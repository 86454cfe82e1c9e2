// The table of waiting requests behind the one wildcard subscription.
#include "nodes/nats/inbox.hpp"

#include <cstdlib>
#include <future>
#include <map>
#include <mutex>

#include <nlohmann/json.hpp>

#include "nodes/nats/jetstream_error.hpp"

namespace trainyard {

namespace {

struct waiting {
  std::string subject;
  reply_sink done;
  ticker::clock::time_point deadline;
  std::uint64_t incarnation = 0;
  std::optional<failure> refused; ///< why it could not be sent
};

/// The last token of REPLY.ID as a number; 0 where it is none.
std::uint64_t id_of(const std::string& subject) {
  return std::strtoull(subject.c_str() + subject.rfind('.') + 1, nullptr, 10);
}

failure no_answer(const waiting& each, std::string why) {
  return {failure_kind::nats_timeout, "no answer from " + each.subject + ": " + std::move(why),
          "see whether nats-server runs with JetStream and what this login may publish"};
}

} // namespace

struct inbox::state {
  std::shared_ptr<connection> link;
  std::string base;
  std::mutex mutex; ///< guards the three below; never held while a callback runs
  std::map<std::uint64_t, waiting> table;
  std::uint64_t next = 1;
  bool closed = false;
  subscription replies;
  ticker clock;
  std::uint64_t tick = 0;

  std::optional<waiting> take(std::uint64_t id) {
    const std::lock_guard lock(mutex);
    const auto found = table.find(id);
    if (found == table.end())
      return std::nullopt;
    auto each = std::move(found->second);
    table.erase(found);
    return each;
  }

  void on_reply(nats_message message) {
    auto each = take(id_of(message.subject));
    if (!each)
      return; // it came too late
    if (message.status == 503)
      each->done(fail(failure_kind::nats_unreachable, "nobody serves " + each->subject,
                      "start nats-server with JetStream (-js); behind a leaf node set the API prefix"));
    else
      each->done(std::move(message));
  }

  std::optional<failure> verdict(const waiting& each, ticker::clock::time_point now,
                                 std::uint64_t incarnation) {
    if (each.refused)
      return each.refused;
    if (each.incarnation != incarnation)
      return failure{failure_kind::nats_unreachable,
                     "the connection was lost before " + each.subject + " answered", ""};
    if (now < each.deadline)
      return std::nullopt;
    const auto complaint = link->last_complaint();
    return no_answer(each, complaint.empty() ? "the time is up" : "the server last said: " + complaint);
  }

  void expire(ticker::clock::time_point now) {
    std::vector<std::pair<waiting, failure>> over;
    const auto incarnation = link->incarnation();
    {
      const std::lock_guard lock(mutex);
      for (auto it = table.begin(); it != table.end();) {
        auto why = verdict(it->second, now, incarnation);
        if (!why) {
          ++it;
          continue;
        }
        over.emplace_back(std::move(it->second), std::move(*why));
        it = table.erase(it);
      }
    }
    for (auto& [each, why] : over)
      each.done(tl::unexpected(std::move(why)));
  }
};

inbox::inbox(std::unique_ptr<state> made) : state_(std::move(made)) {}

inbox::~inbox() {
  close();
}

void inbox::close() {
  state_->clock.remove(state_->tick);
  state_->replies.close();
  std::map<std::uint64_t, waiting> left;
  {
    const std::lock_guard lock(state_->mutex);
    state_->closed = true;
    left.swap(state_->table);
  }
  for (auto& [id, each] : left)
    each.done(tl::unexpected(no_answer(each, "it is no longer waited for")));
}

result<std::shared_ptr<inbox>> inbox::open(std::shared_ptr<connection> link) {
  auto made = std::make_unique<state>();
  auto* raw = made.get(); // outlives subscription and tick: the destructor above ends both
  made->link = std::move(link);
  made->base = made->link->unique_inbox();
  auto replies =
      made->link->subscribe(made->base + ".*", [raw](nats_message m) { raw->on_reply(std::move(m)); });
  if (!replies)
    return tl::unexpected(replies.error());
  made->replies = std::move(*replies);
  made->tick = made->clock.add([raw](ticker::clock::time_point now) { raw->expire(now); });
  return std::shared_ptr<inbox>(new inbox(std::move(made)));
}

void inbox::ask(request what, reply_sink done) {
  std::uint64_t id = 0;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->closed)
      return;
    id = state_->next++;
    state_->table.emplace(id, waiting{what.subject, std::move(done), ticker::clock::now() + what.timeout,
                                      state_->link->incarnation(), std::nullopt});
  }
  const auto sent = state_->link->publish(what.subject, what.payload, state_->base + "." + std::to_string(id),
                                          what.headers);
  if (sent)
    return;
  const std::lock_guard lock(state_->mutex);
  if (const auto found = state_->table.find(id); found != state_->table.end())
    found->second.refused = sent.error();
}

result<nats_message> inbox::call(request what) {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->closed)
      return fail(failure_kind::nats_timeout, "nothing is asked of " + what.subject + " any more");
  }
  auto promise = std::make_shared<std::promise<result<nats_message>>>();
  auto reply = promise->get_future();
  ask(std::move(what), [promise](result<nats_message> got) { promise->set_value(std::move(got)); });
  return reply.get(); // ends: every request is answered or expires
}

result<nlohmann::json> inbox::call_json(request what, int* code) {
  const auto name = what.subject;
  const auto reply = call(std::move(what));
  if (!reply)
    return tl::unexpected(reply.error());
  auto parsed = nlohmann::json::parse(text_of(reply->payload), nullptr, false);
  if (!parsed.is_object())
    return fail(failure_kind::nats_protocol, name + " answers with something that is not a JSON object");
  const auto error = parsed.find("error");
  if (error == parsed.end() || !error->is_object())
    return parsed;
  const auto why = jetstream_error_of(*error);
  if (code)
    *code = why.code;
  return fail(failure_kind::nats_protocol, name + ": " + why.text + " (" + std::to_string(why.code) + ")");
}

result<nlohmann::json> inbox::call_api(const std::string& subject, const nlohmann::json& payload, int* code,
                                       std::chrono::milliseconds timeout) {
  request what;
  what.subject = state_->link->options().api_prefix + "." + subject;
  what.timeout = timeout;
  if (!payload.is_null())
    what.payload = payload_of(payload.dump());
  return call_json(std::move(what), code);
}

const std::shared_ptr<connection>& inbox::link() const {
  return state_->link;
}
ticker& inbox::clock() {
  return state_->clock;
}

} // namespace trainyard
