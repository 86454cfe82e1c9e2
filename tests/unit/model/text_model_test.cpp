// A text tower is loaded whole and right, or refused by what is wrong with it; so is a text.
#include "actors/device/model/text_model.hpp"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>

#include "actors/device/model/install_model.hpp"
#include "actors/device/model/load_model.hpp"
#include "tests/unit/model/changed_model.hpp"
#include "tests/unit/model/photos.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using namespace trainyard::testing;
namespace fs = std::filesystem;

const fs::path towers = TRAINYARD_TEST_TEXT_TOWERS;

struct changed_text_model : changed_model {
  explicit changed_text_model(const std::string& name = "clip-short") : changed_model(towers / name) {}
  void expect_refused(const std::string& why, failure_kind kind = failure_kind::model_invalid) const {
    const auto model = text_model::load(dir.path());
    ASSERT_FALSE(model.has_value()) << why;
    EXPECT_EQ(model.error().kind, kind) << model.error().cause;
    EXPECT_THAT(model.error().cause, HasSubstr(why));
    EXPECT_FALSE(model.error().remedy.empty());
  }
};

TEST(text_model, texts_have_unit_vectors_in_the_space_of_the_models_images) {
  const auto model = text_model::load(towers / "clip-short").value();
  const auto images = describe_model(towers / "clip-short").value();
  EXPECT_EQ(model.identity().space_id, images.space_id);
  const auto cat = model.embed("a cat").value();
  ASSERT_EQ(cat.numbers.size(), images.dim);
  double sum = 0;
  for (const auto value : cat.numbers)
    sum += static_cast<double>(value) * value;
  EXPECT_NEAR(sum, 1, 1e-6);
  EXPECT_EQ(cat.text_tokens, 2U);
  EXPECT_EQ(model.embed(" A  CAT ").value().numbers, cat.numbers);
  EXPECT_LT(cosine(model.embed("a dog").value().numbers, cat.numbers), 0.9999);
}

TEST(text_model, what_is_too_long_is_cut_and_told) {
  const auto model = text_model::load(towers / "clip-short").value();
  std::string text = "one";
  for (int i = 0; i < 13; ++i)
    text += " one";
  const auto whole = model.embed(text).value();
  EXPECT_EQ(whole.text_tokens, 14U);
  EXPECT_EQ(whole.kept_tokens, 14U);
  const auto cut = model.embed(text + " two three").value();
  EXPECT_EQ(cut.text_tokens, 16U);
  EXPECT_EQ(cut.kept_tokens, 14U);
  EXPECT_EQ(cut.numbers, whole.numbers);
}

TEST(text_model, what_is_no_text_is_refused) {
  const auto model = text_model::load(towers / "clip-short").value();
  for (const std::string text : {"", " ", "\t\n", "\xE3\x80\x80"})
    EXPECT_THAT(model.embed(text).error().cause, HasSubstr("empty"));
  EXPECT_THAT(model.embed("caf\xE9").error().cause, HasSubstr("not UTF-8"));
  EXPECT_EQ(model.embed(std::string(100'000, 'a')).error().kind, failure_kind::usage);
}

TEST(text_model, models_without_a_text_tower_say_so) {
  EXPECT_THAT(text_model::load(lite0_folder).error().cause, HasSubstr("has no text tower"));
  for (const auto* name : {"clip-b16", "vit-b16", "dinov2-s14"})
    EXPECT_THAT(text_model::load(fs::path(TRAINYARD_TEST_TOWERS) / name).error().cause,
                HasSubstr("has no text tower"));
  const auto nothing = text_model::load(towers / "nothing");
  EXPECT_EQ(nothing.error().kind, failure_kind::model_missing);
}

TEST(text_model, tensors_that_are_missing_mis_shaped_or_broken_are_named) {
  const changed_text_model missing;
  missing.replace("model.safetensors", "text_model.encoder.layers.1.mlp.fc1.bias",
                  "text_model.encoder.layers.1.mlp.fc9.bias");
  missing.expect_refused("'text_model.encoder.layers.1.mlp.fc1.bias' is missing");
  const changed_text_model shallow;
  shallow.replace("config.json", "\"num_hidden_layers\": 3", "\"num_hidden_layers\": 2");
  shallow.expect_refused("layers.2.");
  const changed_text_model shorter;
  shorter.replace("config.json", "\"max_position_embeddings\": 16", "\"max_position_embeddings\": 17");
  shorter.expect_refused("'text_model.embeddings.position_embedding.weight' has shape [16, 64]");
  const changed_text_model broken;
  broken.overwrite("text_projection.weight", {std::numeric_limits<float>::infinity()});
  broken.expect_refused("'text_projection.weight' holds a value that is not finite");
  const changed_text_model empty;
  empty.overwrite("text_model.embeddings.token_embedding.weight", {0}, true);
  empty.expect_refused("is all zero");
}

TEST(text_model, a_tokenizer_that_does_not_belong_to_the_tower_is_refused) {
  const changed_text_model without;
  without.remove("merges.txt");
  without.expect_refused("neither vocab.json with merges.txt", failure_kind::model_missing);
  const changed_text_model other_end;
  other_end.replace("config.json", "\"eos_token_id\": 49407", "\"eos_token_id\": 7");
  other_end.expect_refused("wants texts to end with token 7");
  const changed_text_model more;
  more.replace("vocab.json", "{", "{\"one more\": 49408, ");
  more.expect_refused("knows 49408 tokens and its tokenizer gives 49409");
  const changed_text_model siglip("siglip");
  siglip.remove("spiece.model");
  siglip.expect_refused("no spiece.model", failure_kind::model_missing);
}

TEST(text_model, configurations_that_cannot_be_are_refused_by_key) {
  const std::vector<std::array<std::string, 3>> wrong{
      {"\"num_attention_heads\": 2", "\"num_attention_heads\": 3", "cannot share evenly"},
      {"\"vocab_size\": 49408", "\"vocab_size\": -1", "'text_config.vocab_size'"},
      {"\"vocab_size\": 49408", "\"vocab_size\": 99999999999", "'text_config.vocab_size'"},
      {"\"max_position_embeddings\": 16", "\"max_position_embeddings\": 2", "max_position_embeddings"},
      {"\"eos_token_id\": 49407", "\"eos_token_id\": [1, 2]", "eos_token_id"}};
  for (const auto& [old, fresh, told] : wrong) {
    const changed_text_model changed;
    changed.replace("config.json", old, fresh);
    changed.expect_refused(told);
  }
  const changed_text_model pooled("open-clip");
  pooled.replace("open_clip_config.json", "\"context_length\": 77",
                 "\"context_length\": 77, \"pool_type\": \"last\"");
  pooled.expect_refused("pool_type");
  const changed_text_model causal("open-clip");
  causal.replace("open_clip_config.json", "\"context_length\": 77",
                 "\"context_length\": 77, \"no_causal_mask\": true");
  causal.expect_refused("'model_cfg.text_cfg.no_causal_mask' is set, which is not supported");
  const changed_text_model other("open-clip");
  other.replace("open_clip_config.json", "\"context_length\": 77", "\"hf_model_name\": \"roberta-base\"");
  other.expect_refused("not CLIP's");
}

TEST(text_model, a_model_of_the_store_embeds_texts_as_its_source_does) {
  const temp_dir store;
  const auto installed = install_model(towers / "clip-short", "mine", store.path());
  ASSERT_TRUE(installed) << installed.error().cause;
  const auto text = "two dogs playing on the beach";
  EXPECT_EQ(text_model::load(installed->folder).value().embed(text).value().numbers,
            text_model::load(towers / "clip-short").value().embed(text).value().numbers);
}

} // namespace
} // namespace trainyard
