// The thread behind ticker: each function runs with the lock released, so it may add others.
#include "nodes/nats/ticker.hpp"

#include <vector>

namespace trainyard {

ticker::ticker() : thread_([this] { run(); }) {}

ticker::~ticker() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::uint64_t ticker::add(tick each) {
  const std::lock_guard lock(mutex_);
  ticks_.emplace(next_, std::make_shared<tick>(std::move(each)));
  return next_++;
}

void ticker::remove(std::uint64_t id) {
  std::unique_lock lock(mutex_);
  ticks_.erase(id);
  if (std::this_thread::get_id() != thread_.get_id())
    changed_.wait(lock, [&] { return running_ != id; });
}

void ticker::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    changed_.wait_for(lock, period, [&] { return stopping_; });
    std::vector<std::pair<std::uint64_t, std::shared_ptr<tick>>> due(ticks_.begin(), ticks_.end());
    for (auto& [id, each] : due) {
      if (stopping_ || !ticks_.contains(id))
        continue;
      running_ = id;
      lock.unlock();
      (*each)(clock::now());
      lock.lock();
      running_ = 0;
      changed_.notify_all();
    }
  }
}

} // namespace trainyard
