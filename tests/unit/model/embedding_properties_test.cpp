// The six properties that the service's tests have always asked of an embedder, on the mock and on the
// network.
#include <gmock/gmock.h>

#include "actors/device/model/load_model.hpp"
#include "tests/support/mock_model.hpp"
#include "tests/unit/model/photos.hpp"

namespace trainyard {
namespace {

using namespace trainyard::testing;

std::unique_ptr<embedding_model> make(const std::string& which) {
  if (which == "mock")
    return std::make_unique<mock_model>();
  return load_model(lite0_folder, {}, {.max_micro_batch = 16}).value();
}

class embedding_properties_test : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(models, embedding_properties_test, ::testing::Values("mock", "efficientnet_lite0"),
                         [](const auto& instance) { return instance.param; });

TEST_P(embedding_properties_test, AnImageGivesAUnitVectorOfTheRightDimension) {
  auto model = make(GetParam());
  const auto images = painted_images(3);
  const auto vectors = model->embed(images);
  ASSERT_TRUE(vectors.has_value()) << vectors.error().cause;
  ASSERT_EQ(vectors->size(), 3U * model->identity().dim);
  for (std::size_t row = 0; row < 3; ++row) {
    const auto one = std::span(*vectors).subspan(row * model->identity().dim, model->identity().dim);
    double sum = 0;
    for (const float value : one)
      sum += static_cast<double>(value) * value;
    EXPECT_NEAR(sum, 1.0, 1e-5);
  }
}

TEST_P(embedding_properties_test, TheSameInputGivesTheSameBytesAgain) {
  auto model = make(GetParam());
  const auto images = painted_images(4);
  const auto first = model->embed(images).value();
  EXPECT_EQ(model->embed(images).value(), first);
  EXPECT_EQ(make(GetParam())->embed(images).value(), first);
}

TEST_P(embedding_properties_test, DifferentImagesGiveDifferentVectors) {
  auto model = make(GetParam());
  const auto a = model->embed(std::vector{painted(1)}).value();
  const auto b = model->embed(std::vector{painted(2)}).value();
  EXPECT_LT(cosine(a, b), 0.9999);
}

TEST_P(embedding_properties_test, ARowDoesNotDependOnTheRestOfItsMicroBatch) {
  auto model = make(GetParam());
  const auto images = painted_images(11);
  const auto dim = model->identity().dim;
  const auto alone = model->embed(std::span(images).last(1)).value();
  for (const std::size_t count : {2U, 3U, 5U, 8U, 11U}) {
    const auto vectors = model->embed(std::span(images).last(count)).value();
    EXPECT_GE(cosine(std::span(vectors).last(dim), alone), 0.999999) << count;
  }
}

TEST_P(embedding_properties_test, AnEmptyMicroBatchIsRefused) {
  EXPECT_EQ(make(GetParam())->embed({}).error().kind, failure_kind::forward_failed);
}

TEST(embedding_properties_mock, the_images_path_matters) {
  mock_model model;
  auto image = painted(1);
  const auto before = model.embed(std::vector{image}).value();
  image.path = "elsewhere";
  EXPECT_NE(model.embed(std::vector{image}).value(), before);
}

TEST(embedding_properties_mock, failures_come_when_the_script_asks_for_them) {
  const auto script = std::make_shared<mock_script>();
  script->failing_paths = {"painted/3"};
  script->out_of_memory_paths = {"painted/4"};
  script->out_of_memory_calls = {2};
  script->throwing_calls = {3};
  script->fits_images = 2;
  {
    mock_model model(script);
    EXPECT_EQ(script->live, 1);
    const auto images = painted_images(5);
    const auto first = std::span(images).first(1);
    EXPECT_TRUE(model.embed(first).has_value());
    EXPECT_EQ(model.embed(first).error().kind, failure_kind::device_out_of_memory);
    EXPECT_THROW((void)model.embed(first), std::bad_alloc);
    EXPECT_EQ(model.embed(std::span(images).first(3)).error().kind, failure_kind::device_out_of_memory);
    EXPECT_EQ(model.embed(std::span(images).subspan(3, 1)).error().kind, failure_kind::forward_failed);
    EXPECT_EQ(model.embed(std::span(images).subspan(4, 1)).error().kind, failure_kind::device_out_of_memory);
    EXPECT_EQ(script->calls, 6U);
    EXPECT_EQ(script->images, 1U);
  }
  EXPECT_EQ(script->live, 0);
}

} // namespace
} // namespace trainyard
