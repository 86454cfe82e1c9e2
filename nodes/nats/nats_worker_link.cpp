// One puller over the three priorities of every pool, and acknowledgements as plain messages.
#include "nodes/nats/nats_worker_link.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

#include "nodes/nats/publishing.hpp"
#include "nodes/nats/puller.hpp"
#include "nodes/nats/random_text.hpp"
#include "nodes/nats/task_thread.hpp"

namespace trainyard {

namespace {

constexpr int highest_priority = 2;

} // namespace

struct nats_worker_link::state {
  std::shared_ptr<connection> link;
  nats_link_options options;
  const std::string name = random_hex(8); ///< of this link among all workers', for message ids
  std::shared_ptr<inbox> box;
  std::mutex mutex; ///< guards pull, queues and the end of keeper; never held while anything blocks
  std::shared_ptr<puller> pull;
  std::map<std::string, std::pair<std::string, int>> queues; ///< consumer -> pool, priority
  std::atomic<bool> looking = false;
  std::unique_ptr<task_thread> keeper = std::make_unique<task_thread>();

  std::shared_ptr<puller> current() {
    const std::lock_guard lock(mutex);
    return pull;
  }

  /// On the keeper's thread, as it blocks; one look at a time.
  void look_after_streams() {
    if (looking.exchange(true))
      return;
    const std::lock_guard lock(mutex);
    if (keeper) // none while the link ends
      keeper->post([this] {
        if (link->connected())
          (void)ensure_streams(*box, options.names, options.streams);
        looking = false;
      });
  }

  result<void> start_pulling() {
    puller_options with;
    with.expires = options.pull_expires;
    if (options.may_administer)
      with.on_lost = [this](const std::string&, const std::string& consumer) {
        keeper->post([this, consumer] { keep(consumer); });
      };
    auto made = puller::open(box, with);
    if (!made)
      return tl::unexpected(made.error());
    const std::lock_guard lock(mutex);
    pull = std::move(*made);
    return {};
  }

  /// The streams as well: a server whose store was lost has neither.
  void keep(const std::string& consumer) {
    std::pair<std::string, int> queue;
    {
      const std::lock_guard lock(mutex);
      const auto found = queues.find(consumer);
      if (found == queues.end())
        return;
      queue = found->second;
    }
    auto kept = ensure_streams(*box, options.names, options.streams);
    if (kept)
      kept = ensure_work_consumer(*box, options.names, queue.first, queue.second, options.streams);
    if (!kept && options.on_trouble)
      options.on_trouble(kept.error());
  }
};

nats_worker_link::nats_worker_link(std::unique_ptr<state> made) : state_(std::move(made)) {}

/// The puller first: it uses the keeper and the inbox; then the keeper, which uses the inbox; then the
/// inbox, whose last callbacks still find the link alive.
nats_worker_link::~nats_worker_link() {
  if (const auto pull = state_->current())
    pull->close();
  std::unique_ptr<task_thread> keeper;
  {
    const std::lock_guard lock(state_->mutex); // callbacks may post until now
    keeper = std::move(state_->keeper);
  }
  keeper.reset();
  state_->box->close();
}

result<std::unique_ptr<nats_worker_link>> nats_worker_link::open(std::shared_ptr<connection> link,
                                                                 nats_link_options options) {
  auto made = std::make_unique<state>();
  made->link = std::move(link);
  made->options = std::move(options);
  auto box = inbox::open(made->link);
  if (!box)
    return tl::unexpected(box.error());
  made->box = std::move(*box);
  if (made->options.may_administer)
    if (auto there = ensure_streams(*made->box, made->options.names, made->options.streams); !there)
      return tl::unexpected(there.error());
  if (auto started = made->start_pulling(); !started)
    return tl::unexpected(started.error());
  return std::unique_ptr<nats_worker_link>(new nats_worker_link(std::move(made)));
}

result<void> nats_worker_link::open_work(const std::string& pool, delivery_sink sink) {
  const auto& names = state_->options.names;
  if (state_->options.may_administer)
    for (int priority = highest_priority; priority >= 0; --priority)
      if (auto there = ensure_work_consumer(*state_->box, names, pool, priority, state_->options.streams);
          !there)
        return there;
  if (!state_->current())
    if (auto started = state_->start_pulling(); !started)
      return started;
  const auto pull = state_->current();
  for (int priority = highest_priority; priority >= 0; --priority) {
    const auto consumer = names.work_consumer(pool, priority);
    {
      const std::lock_guard lock(state_->mutex);
      state_->queues[consumer] = {pool, priority};
    }
    pull->add_source({names.work_stream(), consumer, priority, sink});
  }
  return {};
}

void nats_worker_link::add_credit(std::size_t batches) {
  if (const auto pull = state_->current())
    pull->add_credit(batches);
}

void nats_worker_link::close_work() {
  std::shared_ptr<puller> pull;
  {
    const std::lock_guard lock(state_->mutex);
    pull = std::move(state_->pull);
    state_->queues.clear();
  }
  if (pull)
    pull->close();
}

void nats_worker_link::publish_result(const std::string& session, std::uint64_t batch,
                                      std::uint64_t execution, std::vector<std::byte> payload,
                                      publish_done done) {
  request what;
  if (is_token(session)) // else it is refused, like any other that cannot be sent
    what.subject = state_->options.names.results(session, batch);
  what.payload = std::move(payload);
  const auto id =
      session + "." + std::to_string(batch) + "." + state_->name + "." + std::to_string(execution);
  publish_to_stream(*state_->box, state_->options, std::move(what), id,
                    [state = state_.get(), done = std::move(done)](publish_outcome outcome) {
                      if (outcome == publish_outcome::unknown && state->options.may_administer)
                        state->look_after_streams(); // perhaps the server lost its store
                      if (done)
                        done(outcome);
                    });
}

void nats_worker_link::ack_work(const std::string& ack_subject, ack_done done) {
  request what;
  what.subject = ack_subject;
  what.timeout = state_->options.ack_timeout;
  what.payload = payload_of("+ACK");
  state_->box->ask(std::move(what), [done = std::move(done)](const result<nats_message>& reply) {
    if (done)
      done(reply.has_value());
  });
}

void nats_worker_link::still_working(const std::string& ack_subject) {
  (void)state_->link->publish(ack_subject, bytes_of("+WPI"));
}

void nats_worker_link::hand_back(const std::string& ack_subject, std::chrono::milliseconds delay) {
  using std::chrono::nanoseconds;
  const auto wait = std::max(delay, std::chrono::milliseconds(0));
  const auto text = "-NAK {\"delay\":" + std::to_string(nanoseconds(wait).count()) + "}";
  (void)state_->link->publish(ack_subject, bytes_of(wait.count() == 0 ? "-NAK" : text));
}

void nats_worker_link::publish_event(const std::string& subject, std::vector<std::byte> payload) {
  if (state_->options.on_event)
    state_->options.on_event(payload);
  (void)state_->link->publish(subject, payload);
}

} // namespace trainyard
