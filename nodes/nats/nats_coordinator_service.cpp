// Three subscriptions and a puller, ended in the order in which they use each other.
#include "nodes/nats/nats_coordinator_service.hpp"

#include <algorithm>
#include <mutex>
#include <set>

#include "messages/encoded_answer.hpp"
#include "nodes/nats/puller.hpp"
#include "nodes/nats/task_thread.hpp"

namespace trainyard {

namespace {

constexpr std::size_t jobs_in_hand = 16;
constexpr std::chrono::seconds until_heard{2}; ///< for the server to know of the subscriptions

} // namespace

api_request parse_api_subject(const subjects& names, std::string_view subject) {
  const auto base = names.all_api().size() - 1; // without the ">"
  const auto rest = subject.substr(std::min(base, subject.size()));
  const auto dot = rest.find('.');
  api_request asked;
  asked.verb = rest.substr(0, dot);
  if (dot != rest.npos)
    asked.session = rest.substr(dot + 1);
  return asked;
}

struct nats_coordinator_service::state {
  std::shared_ptr<connection> link;
  nats_link_options options;
  service_sinks sinks; ///< set before anything runs that calls them
  std::shared_ptr<inbox> box;
  std::vector<subscription> ears;
  std::unique_ptr<task_thread> keeper;
  std::mutex mutex; ///< guards the two below; never held while anything blocks
  std::shared_ptr<puller> pull;
  std::set<std::string> in_hand; ///< ack subjects: each frees its credit once

  result<void> ensure() {
    if (!options.may_administer)
      return {};
    if (auto there = ensure_jobs_stream(*box, options.names, options.streams); !there)
      return there;
    return ensure_jobs_consumer(*box, options.names, options.streams);
  }

  result<void> hear(const std::string& subject, nats_sink sink, const std::string& queue = {}) {
    auto made = link->subscribe(subject, std::move(sink), queue);
    if (!made)
      return tl::unexpected(made.error());
    ears.push_back(std::move(*made));
    return {};
  }

  result<void> hear_all() {
    const auto& names = options.names;
    auto heard = hear(names.all_session_events(),
                      [this](nats_message m) { sinks.on_session_event(std::move(m.payload)); });
    if (heard)
      heard = hear(names.all_node_events(),
                   [this](nats_message m) { sinks.on_node_event(std::move(m.payload)); });
    if (heard)
      heard = hear(
          names.all_api(), [this](nats_message m) { on_request(std::move(m)); }, names.coordinators());
    (void)link->flush(until_heard);
    return heard;
  }

  void on_request(nats_message message) {
    auto asked = parse_api_subject(options.names, message.subject);
    asked.reply_to = std::move(message.reply);
    asked.payload = std::move(message.payload);
    sinks.on_request(std::move(asked));
  }

  void on_job(delivery job) {
    {
      const std::lock_guard lock(mutex);
      in_hand.insert(job.ack_subject);
    }
    sinks.on_job(std::move(job));
  }

  /// Once for each delivery: its credit is free again.
  void let_go(const std::string& ack_subject) {
    std::shared_ptr<puller> pulling;
    {
      const std::lock_guard lock(mutex);
      if (in_hand.erase(ack_subject) > 0)
        pulling = pull;
    }
    if (pulling)
      pulling->add_credit(1);
  }

  result<void> start_pulling() {
    puller_options with;
    with.expires = options.pull_expires;
    with.on_lost = [this](const std::string&, const std::string&) {
      keeper->post([this] {
        if (const auto kept = ensure(); !kept && options.on_trouble)
          options.on_trouble(kept.error());
      });
    };
    auto made = puller::open(box, with);
    if (!made)
      return tl::unexpected(made.error());
    const std::shared_ptr<puller> pulling = std::move(*made);
    {
      const std::lock_guard lock(mutex);
      pull = pulling; // before the first delivery, which may be acknowledged at once
    }
    pulling->add_source({options.names.jobs_stream(), options.names.coordinators(), 0,
                         [this](delivery each) { on_job(std::move(each)); }});
    pulling->add_credit(jobs_in_hand);
    return {};
  }

  result<void> start() {
    auto opened = inbox::open(link);
    if (!opened)
      return tl::unexpected(opened.error());
    box = std::move(*opened);
    keeper = std::make_unique<task_thread>();
    if (auto there = ensure(); !there)
      return there;
    if (auto heard = hear_all(); !heard)
      return heard;
    return start_pulling();
  }

  /// The puller and the subscriptions first: they run the sinks and post to the keeper; then the keeper,
  /// which uses the inbox; then the inbox.
  void stop() {
    std::shared_ptr<puller> pulling;
    {
      const std::lock_guard lock(mutex);
      pulling = std::move(pull);
    }
    if (pulling)
      pulling->close();
    ears.clear();
    keeper.reset();
    if (box)
      box->close();
    box.reset();
    std::set<std::string> left;
    {
      const std::lock_guard lock(mutex);
      left.swap(in_hand);
    }
    for (const auto& each : left) // lost: they come again after ack_wait
      (void)link->publish(each, bytes_of("-NAK"));
  }
};

nats_coordinator_service::nats_coordinator_service(std::shared_ptr<connection> link,
                                                   nats_link_options options)
    : state_(std::make_unique<state>()) {
  state_->link = std::move(link);
  state_->options = std::move(options);
}

nats_coordinator_service::~nats_coordinator_service() {
  close();
}

result<void> nats_coordinator_service::open(service_sinks sinks) {
  close();
  state_->sinks = std::move(sinks);
  auto started = state_->start();
  if (!started)
    close();
  return started;
}

void nats_coordinator_service::reply(const std::string& reply_to, std::vector<std::byte> payload) {
  if (reply_to.empty())
    return;
  const auto sent = state_->link->publish(reply_to, payload);
  if (sent || sent.error().kind != failure_kind::message_invalid)
    return; // the client asks again
  if (state_->options.on_trouble)
    state_->options.on_trouble(sent.error());
  (void)state_->link->publish(reply_to, encoded_refusal(sent.error(), is_json(payload)));
}

void nats_coordinator_service::ack_job(const std::string& ack_subject) {
  (void)state_->link->publish(ack_subject, bytes_of("+ACK"));
  state_->let_go(ack_subject);
}

void nats_coordinator_service::retry_job(const std::string& ack_subject) {
  (void)state_->link->publish(ack_subject, bytes_of(R"(-NAK {"delay": 2000000000})"));
  state_->let_go(ack_subject); // also where that was lost: the server gives it out again after ack_wait
}

void nats_coordinator_service::close() {
  state_->stop();
}

} // namespace trainyard
