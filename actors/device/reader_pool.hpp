// Threads that turn batches of paths into pixels ahead of the device, so that it never waits for the disk.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "actors/device/prepared_batch.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// Reads, decodes and resizes one asset of the batch; called on many threads at once; must not throw.
using read_asset =
    std::function<result<prepared_image>(const work_batch&, const work_asset&, stage_seconds&)>;
/// Told of each batch before its images are read, so that they can be fetched ahead; must not block.
using batch_expected = std::function<void(const std::shared_ptr<const work_batch>&)>;
/// Called once per batch, on a pool thread; may only tell an actor.
using batch_ready = std::function<void(std::shared_ptr<const prepared_batch>)>;

/// Images are taken in the order of submission, so the oldest batch is ready first. The queue is bounded by
/// whoever submits (the fetcher's credit). Destruction drops what has not begun and joins; dropped batches
/// get no callback.
class reader_pool {
public:
  reader_pool(std::size_t threads, read_asset read, batch_expected expect = {});
  ~reader_pool();
  reader_pool(const reader_pool&) = delete;
  reader_pool& operator=(const reader_pool&) = delete;

  void submit(std::shared_ptr<const work_batch> work, batch_ready ready);

private:
  struct pending_batch;
  struct image_task {
    std::shared_ptr<pending_batch> batch;
    std::uint32_t position = 0;
  };

  void work_until_stopped();
  void finish(pending_batch& batch);

  read_asset read_;
  batch_expected expect_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<image_task> tasks_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

} // namespace trainyard
