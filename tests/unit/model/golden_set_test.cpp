// Golden files: the right one is believed, and every wrong one is refused before any device is.
#include "actors/device/model/golden_set.hpp"

#include <limits>

#include <gmock/gmock.h>

#include "actors/device/model/load_model.hpp"
#include "actors/disk/sha256.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/model/photos.hpp"
#include "tests/unit/model/tensor_file.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using namespace trainyard::testing;

const std::string config = R"({"architecture":"efficientnet-lite0","dim":4,"image":{"resize":32,"crop":32,)"
                           R"("mean":[0.485,0.456,0.406],"deviation":[0.229,0.224,0.225]}})";
const std::string metadata =
    R"({"weights_sha256":"abc","mean":"[0.485,0.456,0.406]","deviation":"[0.229,0.224,0.225]"})";
constexpr std::size_t image_bytes = std::size_t{32} * 32 * 3;

model_identity small_identity() {
  return {.name = "small",
          .space_id = "s",
          .dim = 4,
          .image = {.resize = 32, .crop = 32},
          .weights_sha256 = "abc"};
}

/// Two images, all 1 and all 2, and their vectors; the parts that a test wants wrong are its own.
struct golden_file {
  std::string about = metadata;
  std::string images = R"({"dtype":"U8","shape":[2,32,32,3],"data_offsets":[32,6176]})";
  std::string vectors = R"({"dtype":"F32","shape":[2,4],"data_offsets":[0,32]})";
  std::vector<float> rows{1, 0, 0, 0, 0, 0.6F, 0.8F, 0};
  std::string tail;

  [[nodiscard]] std::string text() const {
    std::string data(reinterpret_cast<const char*>(rows.data()), rows.size() * sizeof(float));
    data += std::string(image_bytes, '\1') + std::string(image_bytes, '\2') + tail;
    return file_of(
        R"({"__metadata__":)" + about + R"(,"images":)" + images + R"(,"vectors":)" + vectors + "}", data);
  }
};

result<std::optional<golden_set>> read(const std::string& file, const std::string& with = config) {
  const temp_dir dir;
  dir.write("config.json", with);
  dir.write("golden.safetensors", file);
  return read_golden_set(dir.path(), small_identity());
}

void expect_refused(const std::string& file, const std::string& why) {
  const auto set = read(file);
  ASSERT_FALSE(set.has_value()) << why;
  EXPECT_EQ(set.error().kind, failure_kind::model_invalid);
  EXPECT_THAT(set.error().cause, HasSubstr("golden.safetensors"));
  EXPECT_THAT(set.error().cause, HasSubstr(why));
  EXPECT_THAT(set.error().remedy, HasSubstr("remove it"));
}

void expect_refused(golden_file parts, std::string golden_file::*part, const std::string& instead,
                    const std::string& why) {
  parts.*part = instead;
  expect_refused(parts.text(), why);
}

TEST(golden_set, a_good_file_gives_its_images_and_vectors_in_order) {
  const auto set = read(golden_file().text()).value().value();
  ASSERT_EQ(set.images.size(), 2U);
  EXPECT_EQ(set.dim, 4U);
  EXPECT_EQ(set.vectors, golden_file().rows);
  EXPECT_EQ(set.images[0].pixels, byte_buffer(image_bytes, 1));
  EXPECT_EQ(set.images[1].pixels, byte_buffer(image_bytes, 2));
  EXPECT_EQ(set.images[1].path, "golden/1");
  EXPECT_EQ(set.images[1].width, 32U);
}

TEST(golden_set, a_folder_without_the_file_has_none_and_a_link_to_nowhere_is_refused) {
  const temp_dir dir;
  dir.write("config.json", config);
  EXPECT_FALSE(read_golden_set(dir.path(), small_identity()).value().has_value());
  std::filesystem::create_symlink("nowhere", dir.path() / "golden.safetensors");
  EXPECT_EQ(read_golden_set(dir.path(), small_identity()).error().kind, failure_kind::model_invalid);
}

TEST(golden_set, a_damaged_file_is_refused) {
  const auto whole = golden_file().text();
  expect_refused("", "is empty");
  expect_refused(whole.substr(0, 100), "header length");
  expect_refused(whole.substr(0, whole.size() - 1), "beyond the file's");
  expect_refused({}, &golden_file::tail, "x", "1 bytes follow");
}

TEST(golden_set, a_file_that_config_json_pins_otherwise_is_refused) {
  const auto file = golden_file().text();
  const auto pinned = [&](const std::string& sha256) {
    return read(file, config.substr(0, config.size() - 1) + ",\"golden_sha256\":\"" + sha256 + "\"}");
  };
  EXPECT_TRUE(pinned(hex_sha256_of(std::as_bytes(std::span(file)))).has_value());
  EXPECT_THAT(pinned("00").error().cause, HasSubstr("has SHA-256"));
}

TEST(golden_set, a_file_of_other_weights_or_preprocessing_is_refused) {
  const auto about = [](const std::string& weights, const std::string& mean, const std::string& deviation) {
    return R"({"weights_sha256":")" + weights + R"(","mean":")" + mean + R"(","deviation":")" + deviation +
           "\"}";
  };
  const std::string mean = "[0.485,0.456,0.406]";
  const std::string deviation = "[0.229,0.224,0.225]";
  const auto refused = [](const std::string& wrong, const std::string& why) {
    expect_refused({}, &golden_file::about, wrong, why);
  };
  refused("{}", "has no 'weights_sha256'");
  refused(R"({"weights_sha256":"abc"})", "has no 'mean'");
  refused(about("abd", mean, deviation), "belongs to the weights with SHA-256 'abd'");
  refused(about("abc", "[0.5,0.456,0.406]", deviation), "the mean '[0.5,0.456,0.406]'");
  refused(about("abc", mean, "[0.229,0.224,0.226]"), "the deviation '[0.229,0.224,0.226]'");
  refused(about("abc", "[0.485,0.456]", deviation), "the mean");
  refused(about("abc", "[0.485,0.456,null]", deviation), "the mean");
  refused(about("abc", "nonsense", deviation), "the mean");
}

TEST(golden_set, tensors_of_another_shape_or_type_are_refused_by_name) {
  const auto images = [](const std::string& wrong, const std::string& why) {
    expect_refused({}, &golden_file::images, wrong, why);
  };
  images(R"({"dtype":"I8","shape":[2,32,32,3],"data_offsets":[32,6176]})", "tensor 'images' as I8 [2, 32");
  images(R"({"dtype":"U8","shape":[2,3,32,32],"data_offsets":[32,6176]})", "must be, for example, U8 [2, 32");
  images(R"({"dtype":"U8","shape":[2,64,16,3],"data_offsets":[32,6176]})", "as U8 [2, 64, 16, 3]");
  images(R"({"dtype":"U8","shape":[6144],"data_offsets":[32,6176]})", "as U8 [6144]");
  images(R"({"dtype":"U8","shape":[6144,1,1,1],"data_offsets":[32,6176]})", "for example, U8 [64, 32");
  const auto vectors = [](const std::string& wrong, const std::string& why) {
    expect_refused({}, &golden_file::vectors, wrong, why);
  };
  vectors(R"({"dtype":"F64","shape":[1,4],"data_offsets":[0,32]})", "tensor 'vectors' as F64");
  vectors(R"({"dtype":"F32","shape":[4,2],"data_offsets":[0,32]})", "must be, for example, F32 [4, 4]");
  vectors(R"({"dtype":"F32","shape":[8],"data_offsets":[0,32]})", "as F32 [8]");
}

TEST(golden_set, no_images_too_many_and_a_vector_too_few_are_refused) {
  expect_refused(file_of("{\"__metadata__\":" + metadata + "}", ""), "has no tensor 'images'");
  expect_refused(file_of("{\"__metadata__\":" + metadata +
                             R"(,"images":{"dtype":"U8","shape":[0,32,32,3],"data_offsets":[0,0]},)"
                             R"("vectors":{"dtype":"F32","shape":[0,4],"data_offsets":[0,0]}})",
                         ""),
                 "as U8 [0, 32, 32, 3]");
  golden_file many; // each device would embed them at every start
  many.rows.assign(65 * 4, 0.5F);
  many.vectors = R"({"dtype":"F32","shape":[65,4],"data_offsets":[0,1040]})";
  many.images = R"({"dtype":"U8","shape":[65,32,32,3],"data_offsets":[1040,200720]})";
  many.tail = std::string(63 * image_bytes, '\3');
  expect_refused(many.text(), "as U8 [65, 32, 32, 3] and it must be, for example, U8 [64, 32, 32, 3]");
  golden_file fewer;
  fewer.rows.resize(4);
  fewer.vectors = R"({"dtype":"F32","shape":[1,4],"data_offsets":[0,16]})";
  fewer.images = R"({"dtype":"U8","shape":[2,32,32,3],"data_offsets":[16,6160]})";
  expect_refused(fewer.text(), "has 2 images and 1 vectors");
}

TEST(golden_set, vectors_that_are_not_finite_or_not_of_length_1_are_refused_by_image) {
  constexpr auto infinity = std::numeric_limits<float>::infinity();
  constexpr auto nan = std::numeric_limits<float>::quiet_NaN();
  for (const float wrong : {0.0F, 0.7F, 0.9F, nan, infinity, -infinity}) {
    golden_file parts;
    parts.rows[6] = wrong;
    expect_refused(parts.text(), "vector for image 1");
  }
}

TEST(golden_set, the_default_models_file_belongs_to_it_and_holds_eight_different_images) {
  const auto set = read_golden_set(lite0_folder, describe_model(lite0_folder).value()).value().value();
  ASSERT_EQ(set.images.size(), 8U);
  ASSERT_EQ(set.dim, 1280U);
  const auto row = [&](std::size_t i) { return std::span(set.vectors).subspan(i * set.dim, set.dim); };
  for (std::size_t i = 0; i < 8; ++i)
    for (std::size_t other = 0; other < i; ++other)
      EXPECT_LT(cosine(row(i), row(other)), 0.9) << i << " and " << other;
}

} // namespace
} // namespace trainyard
