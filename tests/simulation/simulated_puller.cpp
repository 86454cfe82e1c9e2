// Requests that wait at the server, expire, and are written off where nothing is heard.
#include "tests/simulation/simulated_puller.hpp"

#include <charconv>
#include <utility>

#include "messages/subjects.hpp"

namespace trainyard::simulation {

namespace {

constexpr std::chrono::milliseconds pull_expires{2'500};
constexpr std::chrono::milliseconds pull_written_off{3'500};

std::string ack_subject_of(const std::string& consumer, const stream_delivery& each) {
  return consumer + "|" + std::to_string(each.sequence) + "|" + std::to_string(each.delivered) + "|" +
         each.subject;
}

} // namespace

std::string to_string(const work_key& key) {
  return "batch " + subjects::work_token(key.batch, key.piece.first, key.piece.count);
}

std::string subject_of(const work_key& key) {
  return "work." + subjects::work_token(key.batch, key.piece.first, key.piece.count);
}

work_key key_in(const std::string& subject) {
  work_key key;
  const auto* at = subject.data() + subject.find('.') + 1;
  const auto* const end = subject.data() + subject.size();
  at = std::from_chars(at, end, key.batch).ptr;
  for (auto* number : {&key.piece.first, &key.piece.count})
    if (at != end)
      at = std::from_chars(at + 1, end, *number).ptr;
  return key;
}

acknowledgement parse(const std::string& ack_subject) {
  acknowledgement parsed;
  const auto first = ack_subject.find('|');
  parsed.consumer = ack_subject.substr(0, first);
  parsed.sequence = std::strtoull(ack_subject.c_str() + first + 1, nullptr, 10);
  parsed.work = key_in(ack_subject.substr(ack_subject.rfind('|') + 1));
  return parsed;
}

simulated_puller::simulated_puller(simulated_bus& bus, timeline& time, bus_client_handle client,
                                   stream_name stream, std::string consumer, delivery_sink sink,
                                   std::function<void()> on_lost)
    : bus_(bus), time_(time), client_(std::move(client)), stream_(stream), consumer_(std::move(consumer)),
      sink_(std::move(sink)), on_lost_(std::move(on_lost)) {}

void simulated_puller::add_credit(std::size_t deliveries) {
  free_ += deliveries;
  ask();
}

std::size_t simulated_puller::credit() const {
  auto all = free_;
  for (const auto& [request, left] : asked_)
    all += left;
  return all;
}

void simulated_puller::ask() {
  if (!open_ || free_ == 0)
    return;
  const auto number = next_request_++;
  const auto count = std::exchange(free_, 0);
  asked_[number] = count;
  pull_request request;
  request.from = client_;
  request.stream = stream_;
  request.consumer = consumer_;
  request.left = count;
  request.expires = time_.now() + pull_expires;
  request.deliver = [self = shared_from_this(), number](const stream_delivery& each) {
    self->received(number, each);
  };
  request.lost = [self = shared_from_this()] {
    if (self->open_)
      self->on_lost_();
  };
  bus_.to_server(client_, [bus = &bus_, request] { bus->pull(request); });
  client_->process->post_later(pull_written_off,
                               [self = shared_from_this(), number] { self->write_off(number); });
}

void simulated_puller::received(std::uint64_t request, const stream_delivery& each) {
  const auto asked = asked_.find(request);
  if (!open_ || asked == asked_.end()) { // too late, or too many: the server may have it back
    bus_.to_server(client_, [this, self = shared_from_this(), sequence = each.sequence] {
      bus_.stream(stream_).refuse(consumer_, sequence, time_.now());
      bus_.pump(stream_);
    });
    return;
  }
  if (--asked->second == 0)
    asked_.erase(asked);
  delivery one;
  one.ack_subject = ack_subject_of(consumer_, each);
  one.subject = each.subject;
  one.delivered = each.delivered;
  one.payload = *each.payload;
  sink_(std::move(one));
}

void simulated_puller::write_off(std::uint64_t request) {
  const auto asked = asked_.find(request);
  if (asked == asked_.end())
    return;
  free_ += asked->second;
  asked_.erase(asked);
  ask();
}

} // namespace trainyard::simulation
