// The asker's place outlives the asker: a device may answer when he has gone.
#include "actors/device/query_queue.hpp"

#include <algorithm>
#include <condition_variable>
#include <optional>
#include <utility>

namespace trainyard {

struct query_queue::asker {
  prepared_image image;
  std::mutex mutex; ///< guards `got`
  std::condition_variable answered;
  std::optional<result<std::vector<float>>> got;

  /// The first answer counts.
  void give(result<std::vector<float>> what) {
    {
      const std::lock_guard lock(mutex);
      if (!got)
        got.emplace(std::move(what));
    }
    answered.notify_all();
  }
  /// Nothing where the time is over.
  std::optional<result<std::vector<float>>> wait(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex);
    answered.wait_for(lock, patience, [this] { return got.has_value(); });
    return std::exchange(got, std::nullopt);
  }
};

namespace {

failure stopped() {
  return {failure_kind::interrupted, "this worker stops", "ask again: another one may answer"};
}

} // namespace

result<std::vector<float>> query_queue::ask(prepared_image image, std::chrono::milliseconds patience) {
  auto place = std::make_shared<asker>();
  place->image = std::move(image);
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    if (closed_)
      return tl::unexpected(stopped());
    if (devices_ == 0)
      return fail(failure_kind::device_unavailable, "no device of this worker is ready",
                  "ask again: another worker may answer, or this one in a moment");
    if (waiting_.size() >= most_waiting_)
      return fail(failure_kind::coordinator_busy,
                  std::to_string(waiting_.size()) + " images wait for this worker's devices already",
                  "ask again in a moment");
    waiting_.push_back(place);
    wake = wake_;
  }
  if (wake)
    wake();
  if (auto got = place->wait(patience))
    return std::move(*got);
  const std::lock_guard lock(mutex_);
  std::erase(waiting_, place);
  return fail(failure_kind::device_unavailable,
              "no device has answered within " + std::to_string(patience.count()) + " ms",
              "see `trainyard devices` for what they do");
}

void query_queue::device_came() {
  const std::lock_guard lock(mutex_);
  ++devices_;
}

/// What waits for it alone would wait in vain.
void query_queue::device_left() {
  std::deque<std::shared_ptr<asker>> left;
  {
    const std::lock_guard lock(mutex_);
    if (--devices_ == 0)
      left.swap(waiting_);
  }
  for (const auto& each : left)
    each->give(fail(failure_kind::device_unavailable, "this worker has lost its devices",
                    "ask again: another worker may answer, or this one in a moment"));
}

void query_queue::set_wake(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

std::vector<image_query> query_queue::take(std::size_t most) {
  std::vector<image_query> taken;
  const std::lock_guard lock(mutex_);
  while (taken.size() < most && !waiting_.empty()) {
    auto place = std::move(waiting_.front());
    waiting_.pop_front();
    auto& image = place->image; // its asker does not touch it any more
    taken.push_back({std::move(image), [place = std::move(place)](result<std::vector<float>> what) {
                       place->give(std::move(what));
                     }});
  }
  return taken;
}

void query_queue::close() {
  std::deque<std::shared_ptr<asker>> left;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    wake_ = nullptr;
    left.swap(waiting_);
  }
  for (const auto& each : left)
    each->give(tl::unexpected(stopped()));
}

} // namespace trainyard
