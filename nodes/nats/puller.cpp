// The plan's arms and ears: sends its requests, hears what comes, hands deliveries on with no lock held.
#include "nodes/nats/puller.hpp"

#include <cstdlib>
#include <mutex>
#include <vector>

#include <nlohmann/json.hpp>

#include "nodes/nats/ack_subject.hpp"
#include "nodes/nats/pull_plan.hpp"

namespace trainyard {

namespace {

using clock = ticker::clock;
constexpr std::chrono::seconds between_lost_calls{2};

std::string body_of(const pull_request& request) {
  using std::chrono::nanoseconds;
  nlohmann::json body{{"batch", request.deliveries}};
  if (request.wait.count() == 0)
    body["no_wait"] = true;
  else
    body["expires"] = nanoseconds(request.wait).count();
  if (request.heartbeat.count() > 0)
    body["idle_heartbeat"] = nanoseconds(request.heartbeat).count();
  return body.dump();
}

} // namespace

struct puller::state {
  struct source {
    pull_source what;
    std::shared_ptr<delivery_sink> sink;
    clock::time_point lost_told{};
  };
  std::shared_ptr<inbox> box;
  puller_options options;
  std::string base;
  std::mutex mutex; ///< guards all below; never held while a sink or nats.c runs
  pull_plan plan;
  std::vector<source> sources;
  std::uint64_t incarnation = 0;
  bool closed = false;
  std::once_flag ended;
  subscription replies; ///< set once before anything runs
  std::uint64_t tick = 0;

  state(std::shared_ptr<inbox> from, puller_options with)
      : box(std::move(from)), options(std::move(with)), plan(options.expires, options.heartbeat) {}

  connection& link() { return *box->link(); }

  /// Sends what the plan wants now.
  void pump() {
    std::vector<std::pair<pull_request, std::string>> requests;
    if (!link().connected()) // may wait for a writer, so it is asked before the lock
      return;
    {
      const std::lock_guard lock(mutex);
      if (closed)
        return;
      for (const auto& each : plan.next(clock::now())) {
        const auto& what = sources[each.source].what;
        requests.emplace_back(each, "CONSUMER.MSG.NEXT." + what.stream + "." + what.consumer);
      }
    }
    for (const auto& [each, api] : requests) {
      const auto body = body_of(each);
      if (link().publish(link().options().api_prefix + "." + api, bytes_of(body),
                         base + "." + std::to_string(each.id)))
        continue;
      const std::lock_guard lock(mutex);
      plan.not_sent(each.id, clock::now());
    }
  }

  void on_message(nats_message message) {
    if (const auto from = parse_ack_subject(message.reply))
      on_delivery(*from, std::move(message));
    else if (message.status != 0)
      on_status(message);
    pump();
  }

  /// The sink for one delivery from there, its credit taken; none: hand it back.
  std::shared_ptr<delivery_sink> admit(const ack_address& from) {
    const std::lock_guard lock(mutex);
    for (std::size_t i = 0; i < sources.size(); ++i)
      if (sources[i].what.consumer == from.consumer && sources[i].what.stream == from.stream)
        return !closed && plan.take(i, clock::now()) ? sources[i].sink : nullptr;
    return nullptr;
  }

  void on_delivery(const ack_address& from, nats_message message) {
    const auto sink = admit(from);
    if (sink)
      (*sink)(
          {std::move(message.reply), std::move(message.subject), from.delivered, std::move(message.payload)});
    else
      (void)link().publish(message.reply, bytes_of("-NAK")); // lost: it comes again after ack_wait
  }

  void on_status(const nats_message& message) {
    const auto id = std::strtoull(message.subject.c_str() + message.subject.rfind('.') + 1, nullptr, 10);
    std::vector<std::size_t> lost;
    {
      const std::lock_guard lock(mutex);
      const auto from = plan.ledger().source_of(id);
      if (plan.status(id, message.status, message.has_pending, message.pending_messages, clock::now()) &&
          message.description.find("Consumer Deleted") != std::string::npos)
        lost.push_back(from);
    }
    tell_lost(lost);
  }

  void on_tick(clock::time_point now) {
    std::vector<std::size_t> lost;
    const bool up = link().connected();
    {
      const std::lock_guard lock(mutex);
      if (incarnation != link().incarnation()) {
        incarnation = link().incarnation();
        plan.forget_requests();
      }
      lost = plan.expire(now);
    }
    if (up)
      tell_lost(lost);
    pump();
  }

  void tell_lost(const std::vector<std::size_t>& which) {
    std::vector<pull_source> told;
    {
      const std::lock_guard lock(mutex);
      for (const auto each : which) {
        auto& at = sources[each];
        if (clock::now() < at.lost_told + between_lost_calls)
          continue;
        at.lost_told = clock::now();
        told.push_back(at.what);
      }
    }
    for (const auto& each : told)
      if (options.on_lost)
        options.on_lost(each.stream, each.consumer);
  }
};

puller::puller(std::unique_ptr<state> made) : state_(std::move(made)) {}
puller::~puller() {
  close();
}

result<std::unique_ptr<puller>> puller::open(std::shared_ptr<inbox> box, puller_options options) {
  auto made = std::make_unique<state>(std::move(box), std::move(options));
  auto* raw = made.get(); // close() ends subscription and tick before it goes
  made->base = made->link().unique_inbox();
  made->incarnation = made->link().incarnation();
  auto replies =
      made->link().subscribe(made->base + ".*", [raw](nats_message m) { raw->on_message(std::move(m)); });
  if (!replies)
    return tl::unexpected(replies.error());
  made->replies = std::move(*replies);
  made->tick = made->box->clock().add([raw](clock::time_point now) { raw->on_tick(now); });
  return std::unique_ptr<puller>(new puller(std::move(made)));
}

void puller::add_source(pull_source source) {
  {
    const std::lock_guard lock(state_->mutex);
    auto sink = std::make_shared<delivery_sink>(source.sink);
    for (auto& each : state_->sources)
      if (each.what.stream == source.stream && each.what.consumer == source.consumer) {
        each.sink = std::move(sink);
        return;
      }
    state_->plan.add_source(source.rank);
    state_->sources.push_back({std::move(source), std::move(sink)});
  }
  state_->pump();
}

void puller::add_credit(std::size_t deliveries) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->plan.add_credit(deliveries);
  }
  state_->pump();
}

void puller::close() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->closed = true;
  }
  std::call_once(state_->ended, [this] {
    state_->box->clock().remove(state_->tick);
    state_->replies.close();
  });
}

} // namespace trainyard
