// Lanes pull passes from a counter, so that one which loses its core to a decoder holds nobody up.
#include "actors/device/model/lane_set.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace trainyard {
namespace {

using lane_models = std::vector<std::unique_ptr<embedding_model>>;
using image_span = std::span<const prepared_image>;

/// One micro-batch while lanes work on it; lives on the owner's stack until all of them have left it.
struct shared_passes {
  image_span images;
  std::vector<float> rows;
  std::size_t dim = 0;
  std::size_t images_per_pass = 1;
  std::atomic<std::size_t> next{0}; ///< index of the first image that no lane has taken
  std::atomic<bool> broken{false};
  std::mutex mutex;
  std::size_t failed_at = 0; ///< lowest of the failed passes, which one model alone would have met first
  std::optional<failure> why;

  void run(embedding_model& lane) {
    while (!broken) {
      const auto first = next.fetch_add(images_per_pass);
      if (first >= images.size())
        return;
      const auto count = std::min(images_per_pass, images.size() - first);
      if (const auto got = lane.embed(images.subspan(first, count)))
        std::ranges::copy(*got, rows.begin() + static_cast<std::ptrdiff_t>(first * dim));
      else
        fail_at(first, got.error());
    }
  }
  void fail_at(std::size_t first, const failure& cause) {
    const std::lock_guard lock(mutex);
    if (!why || first < failed_at) {
      failed_at = first;
      why = cause;
    }
    broken = true;
  }
};

class lane_set final : public embedding_model {
public:
  lane_set(lane_models lanes, std::size_t max_micro_batch)
      : lanes_(std::move(lanes)), max_micro_batch_(max_micro_batch) {
    try { // the owner's thread is the first lane; a thread that the system refuses is done without
      for (std::size_t lane = 1; lane < lanes_.size(); ++lane)
        threads_.emplace_back([this, lane] { work_until_stopped(*lanes_[lane]); });
    } catch (const std::system_error&) {
      return;
    }
  }
  ~lane_set() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    for (auto& thread : threads_)
      thread.join();
  }
  lane_set(const lane_set&) = delete;
  lane_set& operator=(const lane_set&) = delete;

  [[nodiscard]] const model_identity& identity() const noexcept override {
    return lanes_.front()->identity();
  }
  [[nodiscard]] std::size_t images_per_pass() const noexcept override {
    return lanes_.front()->images_per_pass();
  }
  [[nodiscard]] result<std::vector<float>> embed(image_span images) override {
    if (images.size() <= images_per_pass() || images.size() > max_micro_batch_)
      return lanes_.front()->embed(images); // one pass, or one refusal
    shared_passes work;
    work.images = images;
    work.dim = identity().dim;
    work.images_per_pass = images_per_pass();
    try {
      work.rows.resize(images.size() * work.dim);
    } catch (const std::bad_alloc&) {
      return fail(failure_kind::device_out_of_memory, "no memory for a micro-batch's vectors",
                  "use a smaller gpu-batch-size");
    }
    share(work);
    if (work.why)
      return tl::unexpected(std::move(*work.why));
    return std::move(work.rows);
  }

private:
  void share(shared_passes& work) {
    {
      const std::lock_guard lock(mutex_);
      current_ = &work;
      ++round_;
    }
    wake_.notify_all();
    work.run(*lanes_.front());
    std::unique_lock lock(mutex_);
    current_ = nullptr; // lanes that have not begun stay out
    left_.wait(lock, [this] { return working_ == 0; });
  }
  void work_until_stopped(embedding_model& lane) {
    std::uint64_t done = 0;
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [&] { return stopping_ || (current_ != nullptr && round_ != done); });
      if (stopping_)
        return;
      done = round_;
      auto& work = *current_;
      ++working_;
      lock.unlock();
      work.run(lane);
      lock.lock();
      if (--working_ == 0)
        left_.notify_one();
    }
  }

  lane_models lanes_;
  std::size_t max_micro_batch_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable left_;
  shared_passes* current_ = nullptr;
  std::uint64_t round_ = 0;
  std::size_t working_ = 0; ///< threads in current_, the owner's not counted
  bool stopping_ = false;
  std::vector<std::thread> threads_; ///< last: they use what stands above
};

} // namespace

result<std::unique_ptr<embedding_model>> load_device_model(const std::filesystem::path& folder,
                                                           const device_spec& device, load_options options) {
  if (!device.is_cpu() || options.cpu_threads <= 1)
    return load_model(folder, device, options);
  const auto count = static_cast<std::size_t>(options.cpu_threads);
  options.cpu_threads = 1;
  auto lanes = load_lanes(folder, device, options, count);
  if (!lanes)
    return tl::unexpected(lanes.error());
  return std::make_unique<lane_set>(std::move(*lanes), options.max_micro_batch);
}

} // namespace trainyard
