// Sessions, each with its consumer, its puller and the deliveries in hand.
#include "nodes/nats/nats_coordinator_link.hpp"

#include <map>
#include <mutex>
#include <set>

#include "nodes/nats/ack_subject.hpp"
#include "nodes/nats/publishing.hpp"
#include "nodes/nats/puller.hpp"
#include "nodes/nats/stored_messages.hpp"
#include "nodes/nats/task_thread.hpp"

namespace trainyard {

namespace {

constexpr int highest_priority = 2;
constexpr std::chrono::seconds between_looks_at_queues{2};

std::string subject_of(const subjects& names, const work_address& to) {
  return names.work(to.pool, to.priority, to.session, to.batch, to.piece.first, to.piece.count);
}

/// One session's results. Shared with acknowledgements that may come while it is being closed.
struct open_session {
  std::string name;
  std::uint64_t epoch = 0;
  std::unique_ptr<puller> pull;
  std::mutex mutex;
  std::set<std::string>
      in_hand; ///< ack subjects: each frees its credit once, however often it is acknowledged

  void deliver(delivery each, const delivery_sink& sink) {
    {
      const std::lock_guard lock(mutex);
      in_hand.insert(each.ack_subject);
    }
    sink(std::move(each));
  }
  bool release(const std::string& ack_subject) {
    const std::lock_guard lock(mutex);
    return in_hand.erase(ack_subject) > 0;
  }
};

} // namespace

struct nats_coordinator_link::state {
  std::shared_ptr<connection> link;
  nats_link_options options;
  std::shared_ptr<inbox> box;
  std::mutex mutex; ///< guards the two below; never held while anything blocks
  std::map<std::string, std::shared_ptr<open_session>> sessions; ///< by consumer name
  std::map<std::string, ticker::clock::time_point> pools; ///< work goes to: when its queues were looked at
  std::unique_ptr<task_thread> keeper = std::make_unique<task_thread>();

  std::shared_ptr<open_session> find(const std::string& consumer) {
    const std::lock_guard lock(mutex);
    const auto found = sessions.find(consumer);
    return found == sessions.end() ? nullptr : found->second;
  }

  std::vector<std::shared_ptr<open_session>> remove(const std::string& session) {
    std::vector<std::shared_ptr<open_session>> removed;
    const std::lock_guard lock(mutex);
    std::erase_if(sessions, [&](auto& entry) {
      const bool same = session.empty() || entry.second->name == session;
      if (same)
        removed.push_back(entry.second);
      return same;
    });
    return removed;
  }

  /// Work that no consumer takes would lie there unseen, and not every worker may make one.
  void keep_queues_of(const std::string& pool) {
    if (!options.may_administer)
      return;
    const auto now = ticker::clock::now();
    {
      const std::lock_guard lock(mutex);
      const auto [looked, first] = pools.try_emplace(pool, now);
      if (!first && now < looked->second + between_looks_at_queues)
        return;
      looked->second = now;
    }
    keeper->post([this, pool] {
      for (int priority = highest_priority; priority >= 0; --priority)
        if (const auto there = ensure_work_consumer(*box, options.names, pool, priority, options.streams);
            !there)
          return tell(there.error());
    });
  }

  void tell(const failure& why) const {
    if (options.on_trouble)
      options.on_trouble(why);
  }

  /// On the keeper's thread, as it blocks: nothing stands in the work queue under that subject any more.
  void take_out(const std::string& subject) const {
    const stored_messages messages(box, options.names.work_stream());
    const auto queued = messages.last_of(subject);
    if (!queued)
      return tell(queued.error());
    if (*queued)
      if (const auto gone = messages.remove((*queued)->sequence); !gone)
        tell(gone.error());
  }

  /// On the keeper's thread, as it blocks. The streams as well: a server whose store was lost has neither.
  void keep(const std::string& consumer) {
    const auto session = find(consumer);
    if (!session)
      return;
    if (options.may_administer)
      if (const auto there = ensure_streams(*box, options.names, options.streams); !there)
        return tell(there.error());
    const auto newest =
        keep_results_consumer(*box, options.names, session->name, session->epoch, options.streams);
    if (!newest)
      return tell(newest.error());
    if (*newest == session->epoch)
      return;
    stop(consumer, session);
    tell(overtaken(session->name, *newest));
  }

  void stop(const std::string& consumer, const std::shared_ptr<open_session>& session) {
    {
      const std::lock_guard lock(mutex);
      const auto found = sessions.find(consumer);
      if (found == sessions.end() || found->second != session)
        return; // closed, and perhaps opened anew, meanwhile
      sessions.erase(found);
    }
    session->pull->close();
  }

  result<void> pull_from(const std::shared_ptr<open_session>& session, std::size_t credit,
                         delivery_sink sink) {
    puller_options with;
    with.expires = options.pull_expires;
    with.on_lost = [this](const std::string&, const std::string& consumer) {
      keeper->post([this, consumer] { keep(consumer); });
    };
    auto pull = puller::open(box, with);
    if (!pull)
      return tl::unexpected(pull.error());
    session->pull = std::move(*pull);
    const auto consumer = options.names.results_consumer(session->name, session->epoch);
    {
      const std::lock_guard lock(mutex);
      sessions[consumer] = session; // before the first delivery, which may be acknowledged at once
    }
    auto* raw = session.get(); // its puller ends before it does
    session->pull->add_source({options.names.results_stream(), consumer, 0,
                               [raw, sink](delivery each) { raw->deliver(std::move(each), sink); }});
    session->pull->add_credit(credit);
    return {};
  }
};

nats_coordinator_link::nats_coordinator_link(std::unique_ptr<state> made) : state_(std::move(made)) {}

/// Pullers first: they use the keeper and the inbox; then the keeper, which uses the inbox; then the
/// inbox, whose last callbacks still find the link alive.
nats_coordinator_link::~nats_coordinator_link() {
  for (auto& each : state_->remove(""))
    each->pull->close();
  state_->keeper.reset();
  state_->box->close();
}

result<std::unique_ptr<nats_coordinator_link>> nats_coordinator_link::open(std::shared_ptr<connection> link,
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
  return std::unique_ptr<nats_coordinator_link>(new nats_coordinator_link(std::move(made)));
}

void nats_coordinator_link::publish_work(const work_address& to, std::vector<std::byte> payload,
                                         publish_done done) {
  request what;
  if (is_token(to.pool) && is_token(to.session) && to.priority >= 0 && to.priority <= highest_priority) {
    what.subject = subject_of(state_->options.names, to);
    state_->keep_queues_of(to.pool);
  } else // without a subject it is refused, like any other that cannot be sent
    state_->tell({failure_kind::message_invalid,
                  "no work goes to pool '" + to.pool + "', priority " + std::to_string(to.priority) +
                      ", session '" + to.session + "'",
                  "names are 1 to 64 of [A-Za-z0-9_-], priorities 0 to 2"});
  what.payload = std::move(payload);
  // Epoch and attempt make a wanted repeat another message: without them it would vanish as a duplicate.
  const auto id = to.session + "." + subjects::work_token(to.batch, to.piece.first, to.piece.count) + "." +
                  std::to_string(to.epoch) + "." + std::to_string(to.attempt);
  if (!to.replaces)
    return publish_to_stream(*state_->box, state_->options, std::move(what), id, std::move(done));
  state_->keeper->post([state = state_.get(), what = std::move(what), id, done = std::move(done)] {
    state->take_out(what.subject);
    publish_to_stream(*state->box, state->options, what, id, done);
  });
}

void nats_coordinator_link::withdraw_work(const work_address& what) {
  if (is_token(what.pool) && is_token(what.session))
    state_->keeper->post([state = state_.get(), subject = subject_of(state_->options.names, what)] {
      state->take_out(subject);
    });
}

result<void> nats_coordinator_link::open_results(const std::string& session, std::uint64_t epoch,
                                                 std::size_t credit, delivery_sink sink) {
  close_results(session);
  if (state_->options.may_administer) // a server that lost its store has none
    if (auto there = ensure_streams(*state_->box, state_->options.names, state_->options.streams); !there)
      return there;
  if (auto taken =
          take_results_consumer(*state_->box, state_->options.names, session, epoch, state_->options.streams);
      !taken)
    return taken;
  auto made = std::make_shared<open_session>();
  made->name = session;
  made->epoch = epoch;
  return state_->pull_from(made, credit, std::move(sink));
}

void nats_coordinator_link::ack_result(const std::string& ack_subject) {
  (void)state_->link->publish(ack_subject, bytes_of("+ACK"));
  const auto from = parse_ack_subject(ack_subject);
  const auto session = from ? state_->find(from->consumer) : nullptr;
  if (session && session->release(ack_subject))
    session->pull->add_credit(1);
}

void nats_coordinator_link::close_results(const std::string& session) {
  for (auto& each : state_->remove(session))
    each->pull->close();
}

void nats_coordinator_link::publish_event(const std::string& subject, std::vector<std::byte> payload) {
  if (state_->options.on_event)
    state_->options.on_event(payload);
  (void)state_->link->publish(subject, payload);
}

/// Never by a purge: on a consumer that sessions share, 2.9.10 then forgets the other sessions' messages.
result<void> nats_coordinator_link::forget_session(const std::string& session) {
  if (!is_token(session)) // a wildcard would be everybody's
    return fail(failure_kind::message_invalid, "session '" + session + "' is not 1 to 64 of [A-Za-z0-9_-]");
  close_results(session);
  const auto& names = state_->options.names;
  if (auto gone = drop_results_consumers(*state_->box, names, session); !gone)
    return gone;
  if (auto gone = remove_all_of(state_->box, names.work_stream(), names.work_of_session(session)); !gone)
    return gone;
  return remove_all_of(state_->box, names.results_stream(), names.results_of_session(session));
}

} // namespace trainyard
