// Requests and answers over the bus; every callback once, unknown after five silent seconds.
#include "tests/simulation/simulated_links.hpp"

#include <charconv>
#include <utility>

#include "messages/api.hpp"
#include "messages/codec.hpp"

namespace trainyard::simulation {

namespace {

constexpr std::chrono::seconds answer_awaited{5};
constexpr auto work_consumer = "pool";

std::uint64_t epoch_of(const std::string& consumer) {
  std::uint64_t epoch = 0;
  std::from_chars(consumer.data() + 1, consumer.data() + consumer.size(), epoch);
  return epoch;
}

told told_in(const std::vector<std::byte>& payload, std::string worker = {}) {
  const auto said = decode<batch_result>(payload);
  if (!said)
    return {};
  return {{said->batch, said->piece}, static_cast<result_kind>(said->kind), std::move(worker)};
}

struct message_to_publish {
  stream_name stream;
  std::string subject;
  std::string id;
  content payload;
  bool replaces = false; ///< what stands under the subject is taken out first
};

void publish(simulated_bus& bus, timeline& time, const bus_client_handle& client, message_to_publish what,
             publish_done done, std::function<void()> stored = {}) {
  const auto once = std::make_shared<publish_done>(std::move(done));
  const auto answer = [once](publish_outcome outcome) {
    if (const auto call = std::exchange(*once, nullptr))
      call(outcome);
  };
  bus.to_server(client, [&bus, &time, client, what = std::move(what), stored = std::move(stored), answer] {
    auto& stream = bus.stream(what.stream);
    if (what.stream == stream_name::work) // coordinators look after the queue's consumer as they publish
      stream.make_consumer(work_consumer);
    if (what.replaces)
      stream.withdraw(what.subject, time.now());
    const auto outcome = stream.publish(what.subject, what.id, what.payload, time.now());
    if (stored && outcome == publish_outcome::stored)
      stored();
    bus.pump(what.stream);
    bus.to_client(client, [answer, outcome] { answer(outcome); });
  });
  client->process->post_later(answer_awaited, [answer] { answer(publish_outcome::unknown); });
}

} // namespace

simulated_coordinator_link::simulated_coordinator_link(simulated_bus& bus, timeline& time,
                                                       bus_client_handle client, const link_watch& watch)
    : bus_(bus), time_(time), client_(std::move(client)), watch_(watch) {}

void simulated_coordinator_link::publish_work(const work_address& to, std::vector<std::byte> payload,
                                              publish_done done) {
  const auto subject = subject_of({to.batch, to.piece});
  publish(bus_, time_, client_,
          {stream_name::work, subject,
           to.session + "." + subject + "." + std::to_string(to.epoch) + "." + std::to_string(to.attempt),
           std::make_shared<const std::vector<std::byte>>(std::move(payload)), to.replaces},
          std::move(done));
}

void simulated_coordinator_link::withdraw_work(const work_address& what) {
  bus_.to_server(client_, [bus = &bus_, time = &time_, subject = subject_of({what.batch, what.piece})] {
    bus->stream(stream_name::work).withdraw(subject, time->now());
  });
}

result<void> simulated_coordinator_link::open_results(const std::string&, std::uint64_t epoch,
                                                      std::size_t credit, delivery_sink sink) {
  const auto unanswered = [] { return fail(failure_kind::nats_timeout, "the server does not answer"); };
  if (!bus_.reachable(*client_))
    return unanswered();
  watch_.results_opened(epoch);
  auto& results = bus_.stream(stream_name::results);
  for (const auto& name : results.consumers()) {
    if (epoch_of(name) > epoch)
      return fail(failure_kind::nats_protocol, "taken over by epoch " + name);
    results.delete_consumer(name);
  }
  const auto consumer = "e" + std::to_string(epoch);
  results.make_consumer(consumer);
  if (bus_.answer_lost())
    return unanswered();
  results_ = std::make_shared<simulated_puller>(
      bus_, time_, client_, stream_name::results, consumer,
      [this, sink = std::move(sink)](delivery one) {
        in_hand_[one.ack_subject] = told_in(one.payload);
        sink(std::move(one));
      },
      [this, epoch] { keep_consumer(epoch); });
  results_->add_credit(credit);
  return {};
}

/// A server that lost its store has lost the consumer; one that was taken over has a newer one.
void simulated_coordinator_link::keep_consumer(std::uint64_t epoch) {
  bus_.to_server(client_, [bus = &bus_, client = client_, pull = results_, epoch] {
    auto& results = bus->stream(stream_name::results);
    for (const auto& name : results.consumers())
      if (epoch_of(name) > epoch)
        return bus->to_client(client, [pull] { pull->close(); });
    for (const auto& name : results.consumers())
      results.delete_consumer(name);
    results.make_consumer("e" + std::to_string(epoch));
  });
}

void simulated_coordinator_link::ack_result(const std::string& ack_subject) {
  const auto known = in_hand_.extract(ack_subject);
  if (known)
    watch_.result_acknowledged(known.mapped());
  bus_.to_server(client_, [bus = &bus_, time = &time_, parsed = parse(ack_subject)] {
    bus->stream(stream_name::results).acknowledge(parsed.consumer, parsed.sequence, time->now());
  });
  if (results_ && known)
    results_->add_credit(1);
}

void simulated_coordinator_link::close_results(const std::string&) {
  if (results_)
    results_->close();
  results_.reset();
  in_hand_.clear();
}

result<void> simulated_coordinator_link::forget_session(const std::string& session) {
  close_results(session);
  if (!bus_.reachable(*client_))
    return fail(failure_kind::nats_timeout, "the server does not answer");
  auto& results = bus_.stream(stream_name::results);
  for (const auto& name : results.consumers())
    results.delete_consumer(name);
  results.remove_all();
  bus_.stream(stream_name::work).remove_all();
  return {};
}

simulated_worker_link::simulated_worker_link(simulated_bus& bus, timeline& time, bus_client_handle client,
                                             std::string name, const link_watch& watch)
    : bus_(bus), time_(time), client_(std::move(client)), name_(std::move(name)), watch_(watch) {}

result<void> simulated_worker_link::open_work(const std::string&, delivery_sink sink) {
  work_ = std::make_shared<simulated_puller>(
      bus_, time_, client_, stream_name::work, work_consumer,
      [this, sink = std::move(sink)](delivery one) {
        if (const auto work = key_in(one.subject); !acknowledged_.contains(work))
          unsettled_.insert(work);
        sink(std::move(one));
      },
      [this] {
        bus_.to_server(client_,
                       [bus = &bus_] { bus->stream(stream_name::work).make_consumer(work_consumer); });
      });
  return {};
}

void simulated_worker_link::add_credit(std::size_t batches) {
  if (work_)
    work_->add_credit(batches);
}

void simulated_worker_link::close_work() {
  if (work_)
    work_->close();
  work_.reset();
}

void simulated_worker_link::publish_result(const std::string& session, std::uint64_t batch,
                                           std::uint64_t execution, std::vector<std::byte> payload,
                                           publish_done done) {
  auto said = told_in(payload, name_);
  const auto id = session + "." + std::to_string(batch) + "." + name_ + "." + std::to_string(execution);
  publish(bus_, time_, client_,
          {stream_name::results, "results." + std::to_string(batch), id,
           std::make_shared<const std::vector<std::byte>>(std::move(payload))},
          std::move(done), [watch = &watch_, said = std::move(said)] { watch->result_stored(said); });
}

void simulated_worker_link::ack_work(const std::string& ack_subject, ack_done done) {
  const auto parsed = parse(ack_subject);
  watch_.work_acknowledged(parsed.work);
  unsettled_.erase(parsed.work);
  acknowledged_.insert(parsed.work);
  const auto once = std::make_shared<ack_done>(std::move(done));
  const auto answer = [once](bool confirmed) {
    if (const auto call = std::exchange(*once, nullptr))
      call(confirmed);
  };
  bus_.to_server(client_, [bus = &bus_, time = &time_, client = client_, parsed, answer] {
    if (bus->stream(stream_name::work).acknowledge(parsed.consumer, parsed.sequence, time->now()))
      bus->to_client(client, [answer] { answer(true); });
  });
  client_->process->post_later(answer_awaited, [answer] { answer(false); });
}

void simulated_worker_link::still_working(const std::string& ack_subject) {
  bus_.to_server(client_, [bus = &bus_, time = &time_, parsed = parse(ack_subject)] {
    bus->stream(stream_name::work).extend(parsed.consumer, parsed.sequence, time->now());
  });
}

void simulated_worker_link::hand_back(const std::string& ack_subject, std::chrono::milliseconds delay) {
  const auto parsed = parse(ack_subject);
  unsettled_.erase(parsed.work);
  if (!excused_)
    watch_.work_handed_back(parsed.work, name_);
  bus_.to_server(client_, [bus = &bus_, time = &time_, delay, parsed] {
    bus->stream(stream_name::work).refuse(parsed.consumer, parsed.sequence, time->now() + delay);
    bus->pump(stream_name::work);
  });
}

void simulated_worker_link::publish_event(const std::string&, std::vector<std::byte> payload) {
  heartbeat_ = std::move(payload);
  if (const auto beat = decode<node_heartbeat>(heartbeat_); beat && beat->idle)
    bus_.to_server(client_, [bus = &bus_] { bus->tell_of_idleness(); });
}

std::uint64_t simulated_worker_link::told_credit() const {
  const auto beat = decode<node_heartbeat>(heartbeat_);
  return beat ? beat->credit : 0;
}

} // namespace trainyard::simulation
