// A window over the queue of expected images. It never locks up: what is in it is a beginning of the queue,
// and readers take in the queue's order, so whoever waits for something beyond it sees it move.
#include "nodes/images/fetched_images.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>

#include "actors/log.hpp"
#include "actors/thread_group.hpp"
#include "nodes/images/image_fetch.hpp"

namespace trainyard {

namespace {

using steady = std::chrono::steady_clock;
constexpr std::chrono::seconds between_warnings{30};

struct ahead {
  std::shared_ptr<const work_batch> work; ///< keeps `asset` alive
  const work_asset* asset = nullptr;
  std::optional<result<image_file>> got;
};

} // namespace

struct fetched_images::state {
  fetched_images_options options;
  std::shared_ptr<inbox> box;
  std::optional<pending_requests> requests;
  std::optional<image_fetch> fetching;
  std::mutex mutex; ///< guards all below but the threads
  std::condition_variable changed;
  std::deque<std::shared_ptr<ahead>> queue; ///< not begun
  std::unordered_map<const work_asset*, std::shared_ptr<ahead>> expected;
  std::size_t window = 0; ///< images begun and not taken
  std::size_t window_bytes = 0;
  std::optional<steady::time_point> warned_at;
  bool stopping = false;
  std::vector<std::thread> threads;

  [[nodiscard]] bool may_begin() const {
    if (queue.empty())
      return false;
    const auto most = std::max<std::size_t>(16, 2 * options.readers);
    return window == 0 ||
           (window < most && window_bytes + queue.front()->asset->bytes <= options.most_ahead_bytes);
  }

  void fetch_until_stopped() {
    for (;;) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [this] { return stopping || may_begin(); });
      if (stopping)
        return;
      const auto next = std::move(queue.front());
      queue.pop_front();
      ++window;
      window_bytes += next->asset->bytes;
      lock.unlock();
      auto got = fetch(*next->work, *next->asset);
      lock.lock();
      next->got = std::move(got);
      lock.unlock();
      changed.notify_all();
    }
  }

  void look_for_silent_roots() {
    while (requests->pause(options.between_looks))
      fetching->look_for_silent_roots();
  }

  result<image_file> fetch(const work_batch& work, const work_asset& asset) {
    try {
      return fetching->fetch(work.root, path_in_root(work, asset));
    } catch (const std::exception& error) { // no memory
      return fail(failure_kind::image_out_of_memory, std::string("fetching an image: ") + error.what(),
                  "give the worker more memory");
    }
  }

  /// Nothing is wrong with the images: said once in a while, as somebody may have to start a coordinator.
  void say_waiting(const failure& why) {
    {
      const std::lock_guard lock(mutex);
      if (warned_at && steady::now() - *warned_at < between_warnings)
        return;
      warned_at = steady::now();
    }
    log(log_level::warn, "worker", "images wait for a coordinator that sends them: " + why.cause);
  }
};

fetched_images::fetched_images(std::unique_ptr<state> made) : state_(std::move(made)) {}

fetched_images::~fetched_images() {
  stop();
  for (auto& each : state_->threads)
    each.join();
  state_->box->close();
}

result<std::shared_ptr<fetched_images>> fetched_images::open(std::shared_ptr<connection> link, subjects names,
                                                             fetched_images_options options) {
  auto box = inbox::open(std::move(link));
  if (!box)
    return tl::unexpected(box.error());
  std::shared_ptr<fetched_images> made(new fetched_images(std::make_unique<state>()));
  auto* raw = made->state_.get(); // outlives the threads
  raw->options = options;
  raw->box = std::move(*box);
  raw->requests.emplace(raw->box);
  image_fetch_options with;
  with.patience = options.patience;
  with.on_waiting = [raw](const failure& why) { raw->say_waiting(why); };
  raw->fetching.emplace(*raw->requests, std::move(names), std::move(with));
  const auto threads = std::clamp<std::size_t>(options.readers, 4, 16); // they wait more than they work
  start_threads(raw->threads, threads, [raw] { raw->fetch_until_stopped(); });
  start_threads(raw->threads, 1, [raw] { raw->look_for_silent_roots(); });
  return made;
}

void fetched_images::expect(const std::shared_ptr<const work_batch>& work) {
  {
    const std::lock_guard lock(state_->mutex);
    for (const auto& asset : work->assets) {
      auto one = std::make_shared<ahead>(ahead{work, &asset, std::nullopt});
      state_->expected.emplace(&asset, one);
      state_->queue.push_back(std::move(one));
    }
  }
  state_->changed.notify_all();
}

result<image_file> fetched_images::take(const work_batch& work, const work_asset& asset) {
  std::unique_lock lock(state_->mutex);
  const auto found = state_->expected.find(&asset);
  if (found == state_->expected.end()) { // taken before, and wanted once more
    lock.unlock();
    return state_->fetch(work, asset);
  }
  const auto one = found->second;
  state_->changed.wait(lock, [&] { return state_->stopping || one->got; });
  if (!one->got)
    return tl::unexpected(interrupted_wait());
  state_->expected.erase(&asset);
  --state_->window;
  state_->window_bytes -= asset.bytes;
  lock.unlock();
  state_->changed.notify_all();
  return std::move(*one->got);
}

bool fetched_images::is_out_of_reach(const std::string& root) const {
  return state_->fetching->is_out_of_reach(root);
}

void fetched_images::stop() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->requests->stop();
  state_->changed.notify_all();
}

} // namespace trainyard
