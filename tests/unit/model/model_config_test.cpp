// Configurations as model repositories have them, and those that we could not follow exactly.
#include "actors/device/model/model_config.hpp"

#include <gmock/gmock.h>

#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using trainyard::testing::temp_dir;

constexpr const char* clip_b32 =
    R"({"architectures":["CLIPModel"],"model_type":"clip","projection_dim":512,"text_config":{"hidden_size":512},)"
    R"("vision_config":{"hidden_size":768,"intermediate_size":3072,"num_hidden_layers":12,)"
    R"("num_attention_heads":12,"image_size":224,"patch_size":32,"hidden_act":"quick_gelu"}})";
constexpr const char* clip_images =
    R"({"crop_size":224,"do_center_crop":true,"do_normalize":true,"do_resize":true,"resample":3,"size":224,)"
    R"("image_mean":[0.48145466,0.4578275,0.40821073],"image_std":[0.26862954,0.26130258,0.27577711]})";
constexpr const char* dino =
    R"({"architectures":["Dinov2Model"],"model_type":"dinov2","hidden_size":384,"num_attention_heads":6,)"
    R"("num_hidden_layers":12,"mlp_ratio":4,"image_size":518,"patch_size":14,"layer_norm_eps":1e-06})";
constexpr const char* dino_images =
    R"({"crop_size":{"height":224,"width":224},"do_center_crop":true,"image_mean":[0.485,0.456,0.406],)"
    R"("image_std":[0.229,0.224,0.225],"resample":3,"rescale_factor":0.00392156862745098,)"
    R"("size":{"shortest_edge":256}})";
constexpr const char* half_images =
    R"({"do_normalize":true,"do_resize":true,"image_mean":[0.5,0.5,0.5],"image_std":[0.5,0.5,0.5],)"
    R"("size":{"height":224,"width":224}})";

result<model_config> read(const std::string& config, const std::string& images,
                          const std::string& name = "config.json") {
  const temp_dir dir;
  dir.write(name, config);
  if (!images.empty())
    dir.write("preprocessor_config.json", images);
  return read_model_config(dir.path());
}

std::string with(std::string text, const std::string& old, const std::string& fresh) {
  const auto at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return at == std::string::npos ? text : text.replace(at, old.size(), fresh);
}

void expect_refused(const result<model_config>& config, const std::string& why) {
  ASSERT_FALSE(config.has_value()) << why;
  EXPECT_EQ(config.error().kind, failure_kind::model_invalid);
  EXPECT_THAT(config.error().cause, HasSubstr(why));
  EXPECT_FALSE(config.error().remedy.empty());
}

TEST(model_config, clip_in_its_oldest_form_is_a_crop_of_the_shorter_side) {
  const auto config = read(clip_b32, clip_images).value();
  EXPECT_EQ(config.architecture, "clip");
  EXPECT_EQ(config.dim, 512U);
  EXPECT_EQ(config.tower->blocks.size(), 12U);
  EXPECT_EQ(config.tower->act, activation::quick_gelu);
  EXPECT_EQ(config.image.fit, image_fit::shorter_side);
  EXPECT_EQ(config.image.resize, 224U);
  EXPECT_EQ(config.image.filter, interpolation::bicubic);
  EXPECT_FLOAT_EQ(config.image.mean[0], 0.48145466F);
}

TEST(model_config, what_a_file_leaves_out_has_the_familys_own_value) {
  const auto config =
      read(R"({"architectures":["SiglipModel"],"model_type":"siglip","vision_config":{"model_type":"x"}})",
           half_images)
          .value();
  EXPECT_EQ(config.architecture, "siglip");
  EXPECT_EQ(config.dim, 768U);
  EXPECT_EQ(config.tower->patch, 16U);
  EXPECT_EQ(config.tower->act, activation::gelu_tanh);
  EXPECT_EQ(config.image.fit, image_fit::squash);
  EXPECT_EQ(config.image.filter, interpolation::bicubic);
  const auto vit = read(R"({"architectures":["ViTModel"],"model_type":"vit"})",
                        R"({"do_normalize":true,"do_resize":true,"size":224})")
                       .value();
  EXPECT_EQ(vit.image.fit, image_fit::squash);
  EXPECT_EQ(vit.image.filter, interpolation::bilinear);
  EXPECT_EQ(vit.image.mean[2], 0.5F);
}

TEST(model_config, dinov2_takes_images_of_another_size_than_its_positions) {
  const auto config = read(dino, dino_images).value();
  EXPECT_EQ(config.tower->side, 518U);
  EXPECT_EQ(config.image.resize, 256U);
  EXPECT_EQ(config.image.crop, 224U);
  EXPECT_EQ(config.tower->scaling, position_scaling::bicubic);
  expect_refused(read(clip_b32, with(with(clip_images, R"("crop_size":224)", R"("crop_size":336)"),
                                     R"("size":224)", R"("size":336)")),
                 "positions for one size only");
}

TEST(model_config, a_new_processor_file_is_read_too) {
  const temp_dir dir;
  dir.write("config.json", clip_b32);
  dir.write("processor_config.json",
            std::string(R"({"processor_class":"CLIPProcessor","image_processor":)") + clip_images + "}");
  EXPECT_EQ(read_model_config(dir.path()).value().image.crop, 224U);
}

TEST(model_config, preprocessing_that_we_could_not_follow_exactly_is_refused) {
  const auto refused = [](const std::string& old, const std::string& fresh, const std::string& why) {
    expect_refused(read(clip_b32, with(clip_images, old, fresh)), why);
  };
  expect_refused(read(clip_b32, ""), "has no preprocessor_config.json");
  expect_refused(read(clip_b32, "{"), "preprocessor_config.json that is not JSON");
  refused(R"("resample":3)", R"("resample":1)", "'resample' is 1");
  refused(R"("do_center_crop":true)", R"("do_center_crop":false)", "would not be square");
  refused(R"("do_resize":true)", R"("do_resize":false)", "'do_resize'");
  refused(R"("do_resize":true)", R"("do_resize":"yes")", "must be true or false");
  refused(R"("do_resize":true)", R"("do_resize":true,"rescale_factor":1)", "1/255");
  refused(R"("size":224)", R"("size":{"height":224,"width":225})", "is not square");
  refused(R"("size":224)", R"("size":{"longest_edge":224})", "height");
  refused(R"("size":224)", R"("size":9000000)", "'size' is 9000000");
  refused(R"("image_std":[0.26862954)", R"("image_std":[0)", "'image_std' must be three numbers");
  expect_refused(read(clip_b32, with(half_images, R"("do_resize":true)",
                                     R"("do_resize":true,"do_center_crop":true,"crop_size":200)")),
                 "squashes");
}

TEST(model_config, towers_that_we_do_not_compute_are_refused_by_what_is_different) {
  expect_refused(read(R"({"model_type":"bert"})", clip_images), "'bert', which is not supported");
  expect_refused(read(R"({"model_type":"siglip2"})", half_images), "'siglip2', which is not supported");
  expect_refused(read(with(clip_b32, "\"quick_gelu\"", "\"relu\""), clip_images), "'relu'");
  expect_refused(read(with(clip_b32, "\"num_attention_heads\":12", "\"num_attention_heads\":7"), clip_images),
                 "cannot share evenly");
  expect_refused(read(with(clip_b32, "\"hidden_size\":768", "\"hidden_size\":-1"), clip_images),
                 "'vision_config.hidden_size' is -1");
  expect_refused(read(with(clip_b32, "\"patch_size\":32", "\"patch_size\":\"32\""), clip_images),
                 "'vision_config.patch_size'");
  expect_refused(read(with(dino, "\"mlp_ratio\":4", "\"mlp_ratio\":4,\"use_swiglu_ffn\":true"), dino_images),
                 "use_swiglu_ffn");
  expect_refused(read(R"({"architecture":"vit_base_patch16_224","dim":768,"image":{"resize":224,"crop":224,)"
                      R"("mean":[0,0,0],"deviation":[1,1,1]}, "normalisation":"none"})",
                      ""),
                 "normalisation");
}

TEST(model_config, open_clip_is_read_from_its_own_file_and_unknown_keys_are_refused) {
  const std::string text =
      R"({"model_cfg":{"embed_dim":512,"quick_gelu":true,"vision_cfg":{"image_size":224,"layers":12,"width":768,)"
      R"("patch_size":32},"text_cfg":{}},"preprocess_cfg":{"mean":[0.5,0.5,0.5],"std":[0.5,0.5,0.5],)"
      R"("resize_mode":"squash","interpolation":"bilinear"}})";
  const auto config = read(text, "", "open_clip_config.json").value();
  EXPECT_EQ(config.architecture, "open-clip");
  EXPECT_EQ(config.weights_file, "open_clip_model.safetensors");
  EXPECT_EQ(config.tower->act, activation::quick_gelu);
  EXPECT_EQ(config.image.fit, image_fit::squash);
  EXPECT_EQ(config.image.filter, interpolation::bilinear);
  EXPECT_EQ(config.image.offset, crop_offset::half_to_even);
  const auto refused = [&](const std::string& old, const std::string& fresh, const std::string& why) {
    expect_refused(read(with(text, old, fresh), "", "open_clip_config.json"), why);
  };
  refused(R"("layers":12)", R"("layers":12,"ls_init_value":0.1)", "ls_init_value");
  refused(R"("layers":12)", R"("timm_model_name":"vit_base")", "timm tower");
  refused(R"("resize_mode":"squash")", R"("resize_mode":"longest")", "'longest'");
  refused(R"("embed_dim":512,)", "", "has no 'model_cfg.embed_dim'");
}

TEST(model_config, the_space_depends_on_everything_that_changes_a_vector) {
  const auto id = [](const std::string& config, const std::string& images) {
    return space_id_of(read(config, images).value(), "s");
  };
  const auto usual = id(clip_b32, clip_images);
  EXPECT_EQ(id(with(clip_b32, "\"text_config\"", "\"ignored\":1,\"text_config\""), clip_images), usual);
  EXPECT_NE(id(with(clip_b32, "quick_gelu", "gelu"), clip_images), usual);
  EXPECT_NE(id(with(clip_b32, "\"num_attention_heads\":12", "\"num_attention_heads\":6"), clip_images),
            usual);
  EXPECT_NE(id(clip_b32, with(clip_images, "\"resample\":3", "\"resample\":2")), usual);
  EXPECT_NE(id(clip_b32, with(clip_images, "\"size\":224", "\"size\":256")), usual);
  EXPECT_NE(
      id(clip_b32, with(half_images, "\"do_resize\":true", "\"do_resize\":true,\"do_center_crop\":false")),
      usual);
}

} // namespace
} // namespace trainyard
