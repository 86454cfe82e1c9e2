// As many batches are in the pool at once as a worker's credit allows; pixels are dropped as they come.
#include "tests/bench/decode_bench.hpp"

#include <mutex>
#include <semaphore>

#include "actors/device/image/image_reader.hpp"
#include "actors/device/image/root_directory.hpp"
#include "actors/device/reader_pool.hpp"
#include "tests/bench/bench_photos.hpp"
#include "tests/bench/usage_clock.hpp"

namespace trainyard::bench {
namespace {

using ready_batch = std::shared_ptr<const prepared_batch>;
constexpr std::ptrdiff_t credit = 5; // a device's slots and its prefetch, by default

/// Feeds a reader pool and waits for it; batches come back on the pool's threads, one at a time.
class decode_feed {
public:
  decode_feed(const root_directory& root, const image_spec& image, std::size_t threads,
              std::function<void(const prepared_batch&)> take)
      : take_(std::move(take)),
        pool_(threads, [&root, image](const work_batch&, const work_asset& asset, stage_seconds& seconds) {
          return read_image(root, asset.path, image, seconds);
        }) {}

  /// Blocks while the credit is used up.
  void submit(std::shared_ptr<const work_batch> batch) {
    credit_.acquire();
    pool_.submit(std::move(batch), [this](const ready_batch& ready) {
      const std::lock_guard lock(mutex_);
      take_(*ready);
      credit_.release();
    });
  }
  void wait() {
    for (std::ptrdiff_t i = 0; i < credit; ++i)
      credit_.acquire();
    credit_.release(credit);
  }

private:
  std::function<void(const prepared_batch&)> take_;
  std::mutex mutex_;
  std::counting_semaphore<credit> credit_{credit};
  reader_pool pool_; // last: its threads use what stands above
};

} // namespace

result<bench_figures> measure_decode(const bench_plan& plan, const image_spec& image) {
  const auto root = root_directory::open(plan.directory.string());
  if (!root)
    return tl::unexpected(root.error());
  const auto batches = list_batches(plan.directory);
  if (!batches)
    return tl::unexpected(batches.error());
  bench_figures figures;
  decode_feed feed(*root, image, plan.threads, [&](const prepared_batch& ready) {
    figures.images += ready.images.size();
    figures.failed += ready.failed.size();
    figures.read_seconds += ready.seconds.read;
    figures.decode_seconds += ready.seconds.decode;
  });
  feed.submit(batches->front());
  feed.wait();
  figures = {};
  const usage_clock clock;
  do
    for (const auto& batch : *batches)
      feed.submit(batch);
  while (clock.elapsed() < plan.at_least);
  feed.wait();
  clock.stop(figures);
  return figures;
}

result<std::vector<prepared_image>> decode_some(const bench_plan& plan, const image_spec& image,
                                                std::size_t most) {
  const auto root = root_directory::open(plan.directory.string());
  if (!root)
    return tl::unexpected(root.error());
  const auto batches = list_batches(plan.directory);
  if (!batches)
    return tl::unexpected(batches.error());
  std::vector<prepared_image> images;
  for (const auto& batch : *batches)
    for (const auto& asset : batch->assets) {
      stage_seconds unused;
      if (images.size() == most)
        return images;
      if (auto one = read_image(*root, asset.path, image, unused))
        images.push_back(std::move(*one));
    }
  if (images.empty())
    return fail(failure_kind::input_empty, "no image of '" + plan.directory.string() + "' can be decoded",
                "give a directory of photos");
  return images;
}

} // namespace trainyard::bench
