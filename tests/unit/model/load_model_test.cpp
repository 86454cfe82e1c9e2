// Model folders: the right one, and every way in which one can be wrong.
#include "actors/device/model/load_model.hpp"

#include <fstream>

#include <gmock/gmock.h>

#include "actors/device/memory/process_memory.hpp"
#include "actors/device/model/model_config.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/model/photos.hpp"
#include "tests/unit/model/tensor_file.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using namespace trainyard::testing;

std::string config_with(const std::string& key, const std::string& value) {
  std::string text = R"({"architecture":"efficientnet-lite0","dim":1280,"image":{"resize":224,"crop":224,)"
                     R"("mean":[0.485,0.456,0.406],"deviation":[0.229,0.224,0.225]}})";
  const auto at = text.find("\"" + key + "\":");
  const auto start = at + key.size() + 3;
  const auto end = text[start] == '['   ? text.find(']', start) + 1
                   : text[start] == '{' ? text.size() - 1
                                        : text.find_first_of(",}", start);
  return at == std::string::npos ? text : text.replace(start, end - start, value);
}

void link_weights(const temp_dir& dir) {
  std::filesystem::create_symlink(lite0_folder / "model.safetensors", dir.path() / "model.safetensors");
}

void expect_refused(const std::filesystem::path& folder, failure_kind kind, const std::string& why) {
  const auto model = load_model(folder, {});
  ASSERT_FALSE(model.has_value()) << why;
  EXPECT_EQ(model.error().kind, kind);
  EXPECT_THAT(model.error().cause, HasSubstr(why));
  EXPECT_FALSE(model.error().remedy.empty());
  const auto described = describe_model(folder);
  ASSERT_FALSE(described.has_value()) << why;
  EXPECT_EQ(described.error().cause, model.error().cause);
}

TEST(load_model, describing_and_loading_give_the_same_identity) {
  const auto described = describe_model(lite0_folder).value();
  const auto loaded = load_model(lite0_folder.string() + "/", {}).value();
  EXPECT_EQ(described.name, "efficientnet-lite0");
  EXPECT_EQ(described.dim, 1280U);
  EXPECT_EQ(described.precision, "fp32");
  EXPECT_THAT(described.space_id, ::testing::MatchesRegex("[0-9a-f]{16}"));
  EXPECT_EQ(loaded->identity().space_id, described.space_id);
  EXPECT_EQ(loaded->identity().name, described.name);
}

TEST(load_model, the_space_depends_on_weights_and_preprocessing_and_not_on_precision) {
  const auto id = [](const std::string& text, const std::string& sha) {
    const temp_dir dir;
    dir.write("config.json", text);
    return space_id_of(read_model_config(dir.path()).value(), sha);
  };
  const auto usual = id(config_with("", ""), "s");
  EXPECT_EQ(id(config_with("", "") + "\n ", "s"), usual);
  EXPECT_NE(id(config_with("", ""), "t"), usual);
  EXPECT_NE(id(config_with("resize", "256"), "s"), usual);
  EXPECT_NE(id(config_with("crop", "192"), "s"), usual);
  EXPECT_NE(id(config_with("mean", "[0.5,0.456,0.406]"), "s"), usual);
  EXPECT_NE(id(config_with("deviation", "[0.229,0.224,0.5]"), "s"), usual);
}

TEST(load_model, a_folder_without_its_files_is_missing) {
  const temp_dir dir;
  expect_refused(dir.path() / "none", failure_kind::model_missing, "config.json does not exist");
  expect_refused(dir.path(), failure_kind::model_missing, "config.json does not exist");
  dir.write("config.json", config_with("", ""));
  expect_refused(dir.path(), failure_kind::model_missing, "model.safetensors");
  std::filesystem::create_symlink("nowhere", dir.path() / "model.safetensors");
  expect_refused(dir.path(), failure_kind::model_missing, "model.safetensors");
}

TEST(load_model, a_broken_configuration_is_refused_by_key) {
  const temp_dir dir;
  link_weights(dir);
  const auto refused = [&](const std::string& text, const std::string& why) {
    dir.write("config.json", text);
    expect_refused(dir.path(), failure_kind::model_invalid, why);
  };
  refused("", "is not JSON");
  refused("{", "is not JSON");
  refused("[]", "no JSON object");
  refused(std::string(100'000, '['), "is not JSON");
  refused("{}", "has no 'architecture'");
  refused(config_with("architecture", "7"), "'architecture' is no text");
  refused(config_with("architecture", "\"resnet50\""), "'resnet50' is unknown");
  refused(config_with("dim", "512"), "dim is 512");
  refused(config_with("dim", "-1"), "'dim' is -1");
  refused(config_with("dim", "1280.5"), "'dim' is 1280.5");
  refused(config_with("dim", "99999999999999999999"), "'dim'");
  refused(config_with("dim", "18446744073709551615"), "'dim'");
  refused(config_with("image", "[]"), "'image' is no object");
  refused(config_with("crop", "0"), "'crop' is 0");
  refused(config_with("crop", "225"), "'crop' is 225");
  refused(config_with("resize", "100000"), "'resize' is 100000");
  refused(config_with("mean", "[1,2]"), "'mean' must be three numbers");
  refused(config_with("mean", "[0.1,0.2,\"x\"]"), "'mean' must be three numbers");
  refused(config_with("deviation", "[0,0.2,0.2]"), "'deviation' must be three numbers");
  refused(config_with("deviation", "[1e39,0.2,0.2]"), "'deviation' must be three numbers");
  refused(std::string(2U << 20, ' '), "at most 1 MiB");
  std::filesystem::remove(dir.path() / "config.json");
  std::filesystem::create_directory(dir.path() / "config.json");
  expect_refused(dir.path(), failure_kind::model_invalid, "regular file");
}

TEST(load_model, weights_that_are_not_the_architectures_are_refused) {
  const temp_dir dir;
  dir.write("config.json", config_with("", ""));
  dir.write("model.safetensors", good_file());
  expect_refused(dir.path(), failure_kind::model_invalid, "'_conv_stem.weight' is missing");
  dir.write("model.safetensors", "PK\x03\x04");
  expect_refused(dir.path(), failure_kind::model_invalid, "pickle");
}

TEST(load_model, a_pinned_hash_that_differs_is_refused) {
  const temp_dir dir;
  link_weights(dir);
  auto text = config_with("", "");
  text.insert(text.size() - 1, ",\"sha256\":\"00\"");
  dir.write("config.json", text);
  expect_refused(dir.path(), failure_kind::model_invalid, "has SHA-256");
}

TEST(load_model, options_and_devices_that_cannot_be_are_refused) {
  EXPECT_EQ(load_model(lite0_folder, {}, {.precision = "int8"}).error().kind, failure_kind::config_invalid);
  EXPECT_EQ(load_model(lite0_folder, {}, {.max_micro_batch = 0}).error().kind, failure_kind::config_invalid);
  for (const auto* kind : {"cuda", "mps", "xpu", "nonsense"}) {
    const auto model = load_model(lite0_folder, {.id = "x", .kind = kind, .name = "", .index = 99});
    ASSERT_FALSE(model.has_value()) << kind;
    EXPECT_EQ(model.error().kind, failure_kind::device_unavailable) << model.error().cause;
  }
}

TEST(load_model, wrong_micro_batches_and_pixels_are_refused_by_image) {
  auto model = load_model(lite0_folder, {}, {.max_micro_batch = 2}).value();
  auto images = painted_images(3);
  EXPECT_THAT(model->embed(images).error().cause, HasSubstr("takes 1 to 2"));
  images[1].pixels.pop_back();
  const auto refused = model->embed(std::span(images).first(2));
  EXPECT_EQ(refused.error().kind, failure_kind::forward_failed);
  EXPECT_THAT(refused.error().cause, HasSubstr("painted/1"));
}

TEST(load_model, reduced_precision_is_honoured_and_stays_close) {
  const auto images = painted_images(2);
  const auto full = load_model(lite0_folder, {}).value()->embed(images).value();
  for (const auto* precision : {"bf16", "fp16"}) {
    auto model = load_model(lite0_folder, {}, {.precision = precision});
    ASSERT_TRUE(model.has_value()) << model.error().cause;
    EXPECT_EQ((*model)->identity().precision, precision);
    const auto reduced = (*model)->embed(images);
    ASSERT_TRUE(reduced.has_value()) << reduced.error().cause;
    EXPECT_GE(cosine(*reduced, full), 0.97) << precision;
    EXPECT_NE(*reduced, full);
  }
}

TEST(load_model, memory_stays_flat_over_mixed_micro_batches) {
  keep_freed_memory();
  auto model = load_model(lite0_folder, {}, {.max_micro_batch = 8}).value();
  const auto images = painted_images(8);
  const auto round = [&] {
    for (const std::size_t count : {8U, 3U, 1U, 5U})
      ASSERT_TRUE(model->embed(std::span(images).first(count)).has_value());
  };
  round();
  const auto before = process_footprint_bytes();
  for (int i = 0; i < 8; ++i)
    round();
  EXPECT_LE(process_footprint_bytes(), before + (8U << 20));
}

} // namespace
} // namespace trainyard
