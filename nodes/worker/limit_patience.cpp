// A quarter of a second between two tries: long for a machine, short for whoever watches.
#include "nodes/worker/limit_patience.hpp"

#include <utility>

#include "actors/log.hpp"

namespace trainyard {

namespace {

constexpr std::chrono::milliseconds between_tries(250);
constexpr std::chrono::seconds between_warnings(30);

} // namespace

limit_patience::limit_patience(trouble told, std::chrono::milliseconds patience)
    : told_(std::move(told)), patience_(patience) {}

result<prepared_image> limit_patience::read(const reading& once) {
  auto image = once();
  const auto since = clock::now();
  while (!image && image.error().kind == failure_kind::system_limit) {
    complain(image.error(), clock::now() - since);
    if (!pause())
      return fail(failure_kind::interrupted, "stopped before the image was read");
    image = once();
  }
  return image;
}

void limit_patience::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

void limit_patience::complain(const failure& why, clock::duration waited) {
  trouble told;
  bool warns = false;
  {
    const std::lock_guard lock(mutex_);
    if (waited > patience_)
      told = std::exchange(told_, nullptr);
    if (clock::now() >= quiet_until_) {
      quiet_until_ = clock::now() + between_warnings;
      warns = true;
    }
  }
  if (warns)
    log(log_level::warn, "worker", "images wait for the system: " + why.cause + "; " + why.remedy);
  if (told)
    told(why);
}

bool limit_patience::pause() {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, between_tries, [this] { return stopping_; });
}

} // namespace trainyard
