// What a part's failure means decides: ask again, begin again, or the image has failed.
#include "nodes/images/image_fetch.hpp"

#include <algorithm>
#include <cstring>
#include <deque>

#include "actors/disk/sha256.hpp"
#include "nodes/images/backoff.hpp"
#include "nodes/images/chunk_plan.hpp"

namespace trainyard {

namespace {

constexpr int most_changes = 3;
constexpr int answers_believed = 3;

failure changed() {
  return {failure_kind::asset_changed, "the file changed while it was read",
          "run again with another --out when nothing writes to it"};
}

/// What one coordinator may find and another not: they have disks of their own.
bool is_of_its_disk(failure_kind kind) {
  return kind == failure_kind::asset_missing || kind == failure_kind::asset_denied ||
         kind == failure_kind::asset_io;
}

failure nonsense(const std::string& what) {
  return {failure_kind::asset_io, "a coordinator's answer makes no sense: " + what,
          "run the same version of trainyard everywhere"};
}

failure out_of_reach(const std::string& root, const failure& why) {
  return {failure_kind::nats_unreachable, "nobody sends images of root '" + root + "': " + why.cause,
          "start a coordinator with --remote-root " + root + "=PATH, and let this worker's user ask it"};
}

/// What a worker could have found out by itself is told as it is, and that nobody was there; all else is
/// trouble on the way.
failure of_image(failure why) {
  const auto number = static_cast<unsigned>(why.kind);
  if (number < 2000 && why.kind != failure_kind::interrupted && !is_silence(why))
    return {failure_kind::asset_io, "a coordinator could not send it: " + why.cause, std::move(why.remedy)};
  return why;
}

} // namespace

struct image_fetch::transfer {
  std::string root;
  image_request request; ///< with the size and time that the first part told
  image_file file;
  chunk_plan plan;

  struct flight {
    byte_range part;
    pending_requests::handle answer;
  };
  std::deque<flight> in_flight;

  [[nodiscard]] result<void> take(const byte_range& part, const image_chunk& got) {
    if (got.size != *request.size || got.mtime_ns != *request.mtime_ns)
      return tl::unexpected(changed());
    const auto count = got.bytes.bytes.size();
    if (count == 0 || count > part.length)
      return tl::unexpected(nonsense(std::to_string(count) + " bytes for " + std::to_string(part.length)));
    std::memcpy(file.bytes.data() + part.offset, got.bytes.bytes.data(), count);
    plan.arrived(part, count);
    return {};
  }
};

image_fetch::image_fetch(pending_requests& requests, subjects names, image_fetch_options options)
    : requests_(requests), names_(std::move(names)), options_(std::move(options)),
      silence_(options_.patience) {}

std::size_t image_fetch::chunk_bytes() const {
  return parts_.bytes(requests_.link()->max_payload_bytes());
}

pending_requests::handle image_fetch::ask(const std::string& root, const image_request& what) {
  request message;
  message.subject = names_.images(root);
  message.payload = to_msgpack(what);
  message.timeout = options_.timeout;
  return requests_.ask(std::move(message));
}

bool image_fetch::wait_after(const failure& why, backoff& pause) {
  if (why.kind == failure_kind::nats_timeout)
    parts_.timed_out();
  if (options_.on_waiting && why.kind != failure_kind::coordinator_busy)
    options_.on_waiting(why);
  return requests_.pause(pause.next());
}

result<image_chunk> image_fetch::answer_to(const std::string& root, const pending_requests::handle& asked) {
  auto answered = requests_.wait(asked).and_then(
      [](const nats_message& message) { return answer_in<image_chunk>(message); });
  if (answered || !is_silence(answered.error()))
    silence_.heard(root);
  return answered;
}

result<void> image_fetch::ask_again_after(const std::string& root, const failure& why, backoff& pause) {
  if (!requests_.link()->connected()) // the server is away, whoever stands behind it
    silence_.heard(root);
  else if (is_silence(why) && silence_.unheard(root, std::chrono::steady_clock::now()))
    return tl::unexpected(out_of_reach(root, why));
  if (!wait_after(why, pause))
    return tl::unexpected(interrupted_wait());
  return {};
}

void image_fetch::look_for_silent_roots() {
  for (const auto& root : silence_.silent_roots()) // the refusal of a path that is none is an answer, too
    (void)answer_to(root, ask(root, {wire_schema, "", 0, 1, std::nullopt, std::nullopt}));
}

result<image_chunk> image_fetch::first_part(const std::string& root, const std::string& path) {
  backoff pause;
  for (;;) {
    auto answered =
        answer_to(root, ask(root, {wire_schema, path, 0, chunk_bytes(), std::nullopt, std::nullopt}));
    if (answered || !is_worth_asking_again(answered.error()))
      return answered;
    if (auto again = ask_again_after(root, answered.error(), pause); !again)
      return tl::unexpected(again.error());
  }
}

result<void> image_fetch::rest_of(transfer& file) {
  backoff pause;
  while (!file.plan.complete()) {
    while (file.in_flight.size() < options_.parts_in_flight) {
      const auto part = file.plan.next();
      if (!part)
        break;
      file.request.offset = part->offset;
      file.request.length = part->length;
      file.in_flight.push_back({*part, ask(file.root, file.request)});
    }
    const auto oldest = std::move(file.in_flight.front());
    file.in_flight.pop_front();
    const auto answered = answer_to(file.root, oldest.answer);
    if (answered) {
      if (auto taken = file.take(oldest.part, *answered); !taken)
        return taken;
      pause.reset();
    } else if (!is_worth_asking_again(answered.error())) {
      return tl::unexpected(answered.error());
    } else {
      const auto again = ask_again_after(file.root, answered.error(), pause);
      file.plan.lost(oldest.part, chunk_bytes());
      if (!again)
        return again;
    }
  }
  return {};
}

result<image_file> image_fetch::fetch_once(const std::string& root, const std::string& path) {
  auto first = first_part(root, path);
  if (!first)
    return tl::unexpected(first.error());
  if (auto fits = check_file_size(first->size); !fits) // never believed: it is memory of ours
    return tl::unexpected(fits.error());
  transfer file{root,
                {wire_schema, path, 0, 0, first->size, first->mtime_ns},
                {},
                chunk_plan(0, first->size, chunk_bytes()),
                {}};
  file.file.bytes.resize(first->size);
  file.file.facts.mtime_ns = first->mtime_ns;
  const auto begun = first->bytes.bytes.size();
  if (begun == 0 || begun > first->size)
    return tl::unexpected(nonsense(std::to_string(begun) + " of " + std::to_string(first->size) + " bytes"));
  std::memcpy(file.file.bytes.data(), first->bytes.bytes.data(), begun);
  file.plan = chunk_plan(begun, first->size, std::min<std::uint64_t>(begun, chunk_bytes()));
  if (auto rest = rest_of(file); !rest)
    return tl::unexpected(rest.error());
  file.file.facts.bytes = file.file.bytes.size();
  file.file.facts.sha256 = sha256_of(std::as_bytes(std::span(file.file.bytes)));
  parts_.whole_file();
  return std::move(file.file);
}

result<image_file> image_fetch::fetch(const std::string& root, const std::string& path) {
  if (is_out_of_reach(root))
    return tl::unexpected(out_of_reach(root, {failure_kind::nats_unreachable, "it has been silent", ""}));
  int changes = 0, refusals = 0;
  for (;;) {
    auto fetched = fetch_once(root, path);
    if (fetched)
      return fetched;
    auto why = of_image(std::move(fetched.error()));
    const bool may_pass = (why.kind == failure_kind::asset_changed && ++changes < most_changes) ||
                          (is_of_its_disk(why.kind) && ++refusals < answers_believed);
    if (!may_pass)
      return tl::unexpected(std::move(why));
    if (!requests_.pause(std::chrono::milliseconds(100 * (changes + refusals))))
      return tl::unexpected(interrupted_wait());
  }
}

} // namespace trainyard
