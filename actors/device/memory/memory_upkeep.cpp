// One way to collect, whoever asks for it.
#include "actors/device/memory/memory_upkeep.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace trainyard {
namespace {

using counter = std::uint32_t collection_counts::*;

counter counter_of(collection why) {
  switch (why) {
  case collection::soft_mark:
    return &collection_counts::soft_mark;
  case collection::hard_mark:
    return &collection_counts::hard_mark;
  case collection::out_of_memory:
    return &collection_counts::out_of_memory;
  default:
    return &collection_counts::interval;
  }
}

/// The first of them is a line that operators have alerts on: its words are fixed.
std::string sentence_of(collection why, const collection_settings& settings) {
  switch (why) {
  case collection::interval:
    return "Periodic garbage collection after " + std::to_string(settings.interval_images) +
           " images processed";
  case collection::soft_mark:
    return "Early garbage collection at the soft memory mark";
  default:
    return "Garbage collection at the hard memory mark";
  }
}

} // namespace

memory_upkeep::memory_upkeep(device_memory memory, collection_settings settings, log_line log)
    : memory_(std::move(memory)), policy_(settings), log_(std::move(log)) {}

void memory_upkeep::begin_batch() {
  memory_.reset_peak();
  batch_ = {};
  batch_.before_bytes = memory_.read().held_bytes();
}

memory_sample memory_upkeep::end_batch() {
  const auto after = memory_.read();
  batch_.limit_bytes = after.limit_bytes;
  batch_.after_bytes = after.held_bytes();
  batch_.peak_bytes = after.peak_bytes;
  return batch_;
}

bool memory_upkeep::make_room() {
  auto now = memory_.read();
  if (policy_.before_micro_batch(now) == collection::hard_mark) {
    collect_and_say(collection::hard_mark);
    now = memory_.read();
  }
  return !policy_.is_under_pressure(now);
}

void memory_upkeep::after_pass(std::size_t images) {
  if (const auto why = policy_.after_micro_batch(images, memory_.read()); why != collection::none)
    collect_and_say(why);
}

result<void> memory_upkeep::after_shortage(std::size_t images) {
  ++batch_.oom_retries;
  log_("Out of memory on " + device().id + " with " + std::to_string(images) +
       " images: collecting and trying again");
  if (auto done = collect(counter_of(collection::out_of_memory)); !done)
    return tl::unexpected(done.error());
  return {};
}

void memory_upkeep::say_smaller(std::size_t images, const std::string& why) {
  log_("Passes of " + std::to_string(images) + " images on " + device().id + " from now on: " + why);
}

void memory_upkeep::collect_and_say(collection why) {
  const auto done = collect(counter_of(why));
  if (!done)
    return log_("Collection failed on " + device().id + ": " + done.error().cause);
  log_(sentence_of(why, policy_.settings()) + " (" + device().id + ", " +
       std::to_string(done->freed_bytes >> 20U) + " MiB freed, " + std::to_string(done->held_bytes >> 20U) +
       " MiB held)");
}

result<memory_upkeep::collected> memory_upkeep::collect(counter reason) {
  const auto start = std::chrono::steady_clock::now();
  const auto before = memory_.read().held_bytes();
  auto done = reason == &collection_counts::interval ? memory_.collect_between_passes() : memory_.collect();
  ++(batch_.collections.*reason);
  batch_.collection_seconds +=
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!done)
    return tl::unexpected(done.error());
  const auto left = memory_.read();
  policy_.collected(left);
  return collected{before - std::min(before, left.held_bytes()), left.held_bytes()};
}

} // namespace trainyard
