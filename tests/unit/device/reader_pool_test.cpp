// Batches are read in parallel, assembled in order, and one bad image costs only itself.
#include "actors/device/reader_pool.hpp"

#include <atomic>

#include <gtest/gtest.h>

#include "tests/support/eventually.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;

std::shared_ptr<const work_batch> batch_of(std::size_t count) {
  work_batch work;
  for (std::size_t i = 0; i < count; ++i)
    work.assets.push_back({std::to_string(i), 1, 0});
  return std::make_shared<const work_batch>(std::move(work));
}

result<prepared_image> read_by_name(const work_batch&, const work_asset& asset, stage_seconds& seconds) {
  seconds.read += 1;
  if (asset.path == "3")
    return fail(failure_kind::image_corrupt, "bad");
  prepared_image image;
  image.path = asset.path;
  return image;
}

TEST(reader_pool, tells_of_each_batch_before_it_reads_any_of_it) {
  std::atomic<bool> expected = false, too_early = false, done = false;
  reader_pool pool(
      3,
      [&](const work_batch& batch, const work_asset& asset, stage_seconds& seconds) {
        too_early = too_early || !expected;
        return read_by_name(batch, asset, seconds);
      },
      [&](const std::shared_ptr<const work_batch>&) { expected = true; });
  pool.submit(batch_of(20), [&](const auto&) { done = true; });
  ASSERT_TRUE(testing::eventually(5s, [&] { return done.load(); }));
  EXPECT_FALSE(too_early);
}

TEST(reader_pool, assembles_images_in_the_batchs_order_with_failures_apart) {
  std::shared_ptr<const prepared_batch> ready;
  std::atomic<bool> done = false;
  reader_pool pool(3, read_by_name);
  pool.submit(batch_of(20), [&](auto batch) {
    ready = std::move(batch);
    done = true;
  });
  ASSERT_TRUE(testing::eventually(5s, [&] { return done.load(); }));
  ASSERT_EQ(ready->images.size(), 19U);
  for (std::size_t i = 0; i < 19; ++i)
    EXPECT_EQ(ready->images[i].path, std::to_string(ready->positions[i]));
  ASSERT_EQ(ready->failed.size(), 1U);
  EXPECT_EQ(ready->failed[0].position, 3U);
  EXPECT_EQ(ready->failed[0].kind, 2103U);
  EXPECT_DOUBLE_EQ(ready->seconds.read, 20);
}

TEST(reader_pool, an_empty_batch_is_ready_at_once) {
  bool called = false;
  reader_pool pool(1, read_by_name);
  pool.submit(batch_of(0), [&](const auto& batch) { called = batch->images.empty(); });
  EXPECT_TRUE(called);
}

TEST(reader_pool, finishes_many_batches_once_each) {
  std::atomic<int> finished = 0;
  {
    reader_pool pool(4, read_by_name);
    for (int i = 0; i < 200; ++i)
      pool.submit(batch_of(7), [&](const auto&) { ++finished; });
    ASSERT_TRUE(testing::eventually(10s, [&] { return finished == 200; }));
  }
  EXPECT_EQ(finished, 200);
}

TEST(reader_pool, ends_without_waiting_for_what_has_not_begun) {
  std::atomic<int> read = 0;
  std::atomic<bool> open = false;
  {
    reader_pool pool(1, [&](const work_batch&, const work_asset&, stage_seconds&) -> result<prepared_image> {
      ++read;
      EXPECT_TRUE(testing::eventually(5s, [&] { return open.load(); }));
      (void)testing::eventually(2ms,
                                [] { return false; }); // a thousand take longer than the end of the scope
      return prepared_image{};
    });
    pool.submit(batch_of(1000), [](const auto&) { FAIL() << "a dropped batch must not be reported"; });
    ASSERT_TRUE(testing::eventually(5s, [&] { return read > 0; }));
    open = true;
  }
  EXPECT_LT(read, 1000);
}

} // namespace
} // namespace trainyard
