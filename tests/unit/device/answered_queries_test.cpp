// Single images are embedded between the micro-batches of a batch, which waits for a bounded number of them.
#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "actors/device/batch_embedder.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/mock_model.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;

struct answered_queries : ::testing::Test {
  std::shared_ptr<testing::mock_script> script = std::make_shared<testing::mock_script>();
  testing::mock_model model{script};
  std::shared_ptr<query_queue> queries = std::make_shared<query_queue>();
  embedder_settings settings{4, {}};
  batch_embedder embedder{model,
                          memory_upkeep(device_memory({}), settings.collection, [](const std::string&) {}),
                          settings,
                          {},
                          queries};
  std::atomic<std::size_t> waiting = 0;
  std::vector<std::future<result<std::vector<float>>>> askers;

  void SetUp() override {
    queries->device_came();
    queries->set_wake([this] { ++waiting; });
  }
  [[nodiscard]] prepared_image image_named(const std::string& path) const {
    prepared_image image;
    image.path = path;
    const std::size_t side = model.identity().image.crop;
    image.pixels.assign(side * side * 3, 7);
    return image;
  }
  void ask(const std::string& path) {
    const auto before = waiting.load();
    askers.push_back(
        std::async(std::launch::async, [this, path] { return queries->ask(image_named(path), 30s); }));
    ASSERT_TRUE(testing::eventually(10s, [&] { return waiting == before + 1; }));
  }
  [[nodiscard]] prepared_batch batch(std::uint32_t images) const {
    work_batch work;
    work.dtype = "fp32";
    prepared_batch prepared;
    for (std::uint32_t i = 0; i < images; ++i) {
      prepared.images.push_back(image_named("batch" + std::to_string(i)));
      prepared.positions.push_back(i);
    }
    prepared.work = std::make_shared<const work_batch>(std::move(work));
    return prepared;
  }
};

TEST_F(answered_queries, nothing_waits_and_nothing_is_embedded) {
  EXPECT_FALSE(embedder.answer_queries().value());
  EXPECT_EQ(script->calls, 0U);
}

TEST_F(answered_queries, each_asker_gets_the_vector_of_its_own_image) {
  for (const auto* path : {"a", "b", "c"})
    ask(path);
  EXPECT_TRUE(embedder.answer_queries().value());
  EXPECT_EQ(script->calls, 1U);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto alone = image_named(std::string(1, static_cast<char>('a' + i)));
    EXPECT_EQ(askers[i].get().value(), model.embed({&alone, 1}).value());
  }
}

TEST_F(answered_queries, a_batch_lets_one_pass_of_them_by_before_each_of_its_own) {
  std::vector<std::string> order;
  script->before_embed = [&](std::span<const prepared_image> images) {
    order.push_back(images[0].path.starts_with("batch") ? "batch" : "queries");
  };
  for (int i = 0; i < 6; ++i)
    ask("q" + std::to_string(i));
  EXPECT_EQ(embedder.embed(batch(8)).value().embedded.size(), 8U);
  EXPECT_EQ(order,
            (std::vector<std::string>{"queries", "batch", "queries", "batch"})); // 4 and then 2 of them
  for (auto& each : askers)
    EXPECT_TRUE(each.get());
}

TEST_F(answered_queries, one_image_that_cannot_be_embedded_fails_alone) {
  script->failing_paths = {"b"};
  for (const auto* path : {"a", "b", "c"})
    ask(path);
  EXPECT_TRUE(embedder.answer_queries());
  EXPECT_TRUE(askers[0].get());
  EXPECT_EQ(askers[1].get().error().kind, failure_kind::forward_failed);
  EXPECT_TRUE(askers[2].get());
}

TEST_F(answered_queries, a_shortage_of_memory_is_met_with_smaller_passes) {
  script->fits_images = 1;
  for (const auto* path : {"a", "b", "c"})
    ask(path);
  EXPECT_TRUE(embedder.answer_queries());
  for (auto& each : askers)
    EXPECT_TRUE(each.get());
}

TEST_F(answered_queries, a_device_at_fault_says_so_to_everybody) {
  script->fits_images = 0;
  for (const auto* path : {"a", "b"})
    ask(path);
  EXPECT_EQ(embedder.answer_queries().error().kind, failure_kind::device_out_of_memory);
  for (auto& each : askers)
    EXPECT_EQ(each.get().error().kind, failure_kind::device_out_of_memory);
}

} // namespace
} // namespace trainyard
