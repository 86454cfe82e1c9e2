// A queue, a count of idle workers, and one result that is every batch's pattern.
#include "tests/simulation/bench/many_workers.hpp"

#include "messages/codec.hpp"

namespace trainyard::simulation {

many_workers::many_workers(timeline& time, many_workers_plan plan)
    : time_(time), plan_(plan), idle_(plan.workers) {
  pattern_.session = "s1";
  pattern_.device = "cuda:0";
  pattern_.device_kind = "cuda";
  pattern_.precision = "fp32";
  pattern_.space_id = "space";
  pattern_.dtype = "fp16";
  pattern_.dim = plan_.dim;
  for (std::uint32_t i = 0; i < plan_.batch_size; ++i)
    pattern_.embedded.push_back({i, 640, 480, 60'000, {std::vector<std::byte>(32)}});
  pattern_.vectors.bytes.resize(plan_.batch_size * plan_.dim * 2, std::byte{0x11});
}

void many_workers::publish_work(const work_address& to, std::vector<std::byte> payload, publish_done done) {
  ++published_;
  published_bytes_ += payload.size();
  time_.after(std::chrono::microseconds(200), [done = std::move(done)] { done(publish_outcome::stored); });
  if (idle_ == 0)
    return queue_.push_back({to.batch, to.piece});
  --idle_;
  begin({to.batch, to.piece});
}

void many_workers::withdraw_work(const work_address& what) {
  std::erase(queue_, work{what.batch, what.piece});
}

void many_workers::begin(work what) {
  time_.after(random_.between(plan_.fastest, plan_.slowest), [this, what] { finished(what); });
}

void many_workers::finished(work what) {
  results_.push_back(what);
  deliver();
  if (queue_.empty()) {
    ++idle_;
    return;
  }
  begin(queue_.front());
  queue_.pop_front();
}

result<void> many_workers::open_results(const std::string&, std::uint64_t, std::size_t credit,
                                        delivery_sink sink) {
  credit_ = credit;
  sink_ = std::move(sink);
  return {};
}

void many_workers::ack_result(const std::string&) {
  ++credit_;
  time_.after(std::chrono::microseconds(100), [this] { deliver(); }); // not on the coordinator's time
}

void many_workers::deliver() {
  while (sink_ && credit_ > 0 && !results_.empty()) {
    --credit_;
    delivery one;
    one.ack_subject = std::to_string(results_.front().batch);
    one.payload = result_of(results_.front());
    results_.pop_front();
    sink_(std::move(one));
  }
}

std::vector<std::byte> many_workers::result_of(work what) {
  pattern_.batch = what.batch;
  pattern_.piece = what.piece;
  pattern_.node = "node-" + std::to_string(what.batch % plan_.workers);
  const auto of_batch = std::min(plan_.batch_size, plan_.images - what.batch * plan_.batch_size);
  const auto images = what.piece.is_whole() ? of_batch : what.piece.count;
  if (images == plan_.batch_size)
    return to_msgpack(pattern_);
  auto last = pattern_;
  last.embedded.resize(images);
  last.vectors.bytes.resize(images * plan_.dim * 2);
  return to_msgpack(last);
}

} // namespace trainyard::simulation
