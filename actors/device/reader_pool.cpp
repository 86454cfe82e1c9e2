// One task per image; the thread that finishes a batch's last image assembles the batch.
#include "actors/device/reader_pool.hpp"

#include <atomic>
#include <optional>

#include "actors/thread_group.hpp"

namespace trainyard {

struct reader_pool::pending_batch {
  std::shared_ptr<const work_batch> work;
  batch_ready ready;
  std::vector<std::optional<result<prepared_image>>>
      outcomes; ///< one slot per asset, each written by one thread
  std::vector<stage_seconds> seconds;
  std::atomic<std::size_t> left;
};

reader_pool::reader_pool(std::size_t threads, read_asset read, batch_expected expect)
    : read_(std::move(read)), expect_(std::move(expect)) {
  start_threads(threads_, threads, [this] { work_until_stopped(); });
}

reader_pool::~reader_pool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_)
    thread.join();
}

void reader_pool::submit(std::shared_ptr<const work_batch> work, batch_ready ready) {
  auto batch = std::make_shared<pending_batch>();
  const auto count = work->assets.size();
  batch->work = std::move(work);
  batch->ready = std::move(ready);
  batch->outcomes.resize(count);
  batch->seconds.resize(count);
  batch->left = count;
  if (count == 0)
    return finish(*batch);
  if (expect_)
    expect_(batch->work);
  {
    const std::lock_guard lock(mutex_);
    for (std::uint32_t position = 0; position < count; ++position)
      tasks_.push_back({batch, position});
  }
  wake_.notify_all();
}

void reader_pool::work_until_stopped() {
  for (;;) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
    if (stopping_)
      return;
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    auto& batch = *task.batch;
    const auto& asset = batch.work->assets[task.position];
    batch.outcomes[task.position] = read_(*batch.work, asset, batch.seconds[task.position]);
    if (batch.left.fetch_sub(1) == 1)
      finish(batch);
  }
}

void reader_pool::finish(pending_batch& batch) {
  auto prepared = std::make_shared<prepared_batch>();
  prepared->work = batch.work;
  for (std::uint32_t position = 0; position < batch.outcomes.size(); ++position) {
    auto& outcome = *batch.outcomes[position];
    prepared->seconds.read += batch.seconds[position].read;
    prepared->seconds.decode += batch.seconds[position].decode;
    if (outcome) {
      prepared->images.push_back(std::move(*outcome));
      prepared->positions.push_back(position);
    } else {
      const auto kind = outcome.error().kind;
      prepared->unreachable |= kind == failure_kind::nats_unreachable || kind == failure_kind::interrupted;
      prepared->failed.push_back(
          {position, static_cast<std::uint32_t>(outcome.error().kind), outcome.error().cause});
    }
  }
  batch.ready(std::move(prepared));
}

} // namespace trainyard
