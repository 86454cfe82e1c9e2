// All parts but the last may come in any order; the last one says that the image is whole.
#include "nodes/images/image_sender.hpp"

#include <algorithm>
#include <deque>

#include "nodes/images/backoff.hpp"
#include "nodes/images/chunk_plan.hpp"
#include "nodes/nats/permission_complaint.hpp"

namespace trainyard {

namespace {

using steady = std::chrono::steady_clock;
constexpr int most_repeats = 3;

} // namespace

upload_request part_of(const upload_request& what, const image_file& image, std::uint64_t offset,
                       std::uint64_t length) {
  auto part = what;
  part.offset = offset;
  const auto* begin = reinterpret_cast<const std::byte*>(image.bytes.data()) + offset;
  part.bytes.bytes.assign(begin, begin + length);
  return part;
}

image_sender::image_sender(pending_requests& requests, subjects names, std::string folder,
                           image_sender_options options)
    : requests_(requests), names_(std::move(names)), folder_(std::move(folder)), options_(options),
      last_answer_(steady::now()) {}

std::size_t image_sender::chunk_bytes() const {
  return parts_.bytes(requests_.link()->max_payload_bytes());
}

pending_requests::handle image_sender::ask(const upload_request& what) {
  request message;
  message.subject = names_.upload(folder_);
  message.payload = to_msgpack(what);
  message.timeout = options_.timeout;
  return requests_.ask(std::move(message));
}

result<upload_reply> image_sender::reply_to(const pending_requests::handle& asked) {
  auto reply = requests_.wait(asked);
  if (!reply) {
    if (reply.error().kind == failure_kind::nats_timeout)
      parts_.timed_out();
    return tl::unexpected(reply.error());
  }
  answered_ = true;
  last_answer_ = steady::now();
  return answer_in<upload_reply>(*reply);
}

bool image_sender::gives_up(const failure& why) const {
  if (!is_worth_asking_again(why))
    return true;
  if (why.kind == failure_kind::coordinator_busy)
    return false;
  return !answered_ || complains_of_permission(*requests_.link()) ||
         steady::now() - last_answer_.load() > options_.patience;
}

result<upload_reply> image_sender::ask_patiently(const upload_request& what) {
  backoff pause;
  for (;;) {
    auto reply = reply_to(ask(what));
    if (reply || gives_up(reply.error()))
      return reply;
    if (!requests_.pause(pause.next()))
      return tl::unexpected(interrupted_wait());
  }
}

result<void> image_sender::send_parts(const upload_request& what, const image_file& image, std::size_t end) {
  chunk_plan plan(0, end, chunk_bytes());
  std::deque<std::pair<byte_range, pending_requests::handle>> in_flight;
  backoff pause;
  while (!plan.complete()) {
    while (in_flight.size() < options_.parts_in_flight) {
      const auto part = plan.next();
      if (!part)
        break;
      in_flight.emplace_back(*part, ask(part_of(what, image, part->offset, part->length)));
    }
    const auto [part, asked] = std::move(in_flight.front());
    in_flight.pop_front();
    const auto reply = reply_to(asked);
    if (reply) {
      plan.arrived(part, part.length);
      pause.reset();
      continue;
    }
    if (gives_up(reply.error()))
      return tl::unexpected(reply.error());
    if (!requests_.pause(pause.next()))
      return tl::unexpected(interrupted_wait());
    plan.lost(part, chunk_bytes());
  }
  return {};
}

result<sent_as> image_sender::send_once(const upload_request& what, const image_file& image) {
  auto look = what;
  look.step = "look";
  const auto there = ask_patiently(look);
  if (!there)
    return tl::unexpected(there.error());
  if (there->stored)
    return sent_as::already_there;
  const auto last = std::min<std::size_t>(chunk_bytes(), image.bytes.size());
  const auto end = image.bytes.size() - last; // of the parts before the last one
  auto write = what;
  write.step = "write";
  if (auto sent = send_parts(write, image, end); !sent)
    return tl::unexpected(sent.error());
  auto finish = part_of(what, image, end, last);
  finish.step = "finish";
  const auto stored = ask_patiently(finish);
  if (!stored)
    return tl::unexpected(stored.error());
  parts_.whole_file();
  return sent_as::new_image;
}

/// A last part that was stored though its answer got lost leaves nothing to finish the second time: looking
/// again tells.
result<sent_as> image_sender::send(const std::string& path, const image_file& image) {
  upload_request what;
  what.path = path;
  what.size = image.bytes.size();
  what.mtime_ns = image.facts.mtime_ns;
  what.sha256.bytes.assign(image.facts.sha256.begin(), image.facts.sha256.end());
  for (int repeats = 1;; ++repeats) {
    auto sent = send_once(what, image);
    if (sent || sent.error().kind != failure_kind::asset_changed || repeats == most_repeats)
      return sent;
  }
}

} // namespace trainyard
