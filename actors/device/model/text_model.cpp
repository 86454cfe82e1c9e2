// Folder -> checked plan, tokenizer and weights -> one vector per text.
#include "actors/device/model/text_model.hpp"

#include <algorithm>

#include <ATen/core/Tensor.h>
#include <c10/core/InferenceMode.h>

#include "actors/device/memory/exception_text.hpp"
#include "actors/device/memory/forward_threads.hpp"
#include "actors/device/memory/oom.hpp"
#include "actors/device/model/load_model.hpp"
#include "actors/device/model/model_config.hpp"
#include "actors/device/model/text_config.hpp"
#include "actors/device/model/transformer/text_transformer.hpp"
#include "actors/device/model/unit_length.hpp"
#include "actors/device/text/clip_tokenizer.hpp"
#include "actors/device/text/siglip_tokenizer.hpp"
#include "actors/device/text/unicode.hpp"

namespace trainyard {

struct text_model::state {
  model_identity identity;
  text_plan plan;
  std::unique_ptr<const text_tokenizer> tokenizer;
  text_transformer tower;
  int threads;
};

namespace {

tl::unexpected<failure> mismatch(const std::filesystem::path& folder, const std::string& why) {
  return fail(failure_kind::model_invalid, "the text tower in " + folder.string() + " " + why,
              "take configuration, weights and tokenizer from one and the same model's repository");
}

template <class Tokenizer>
result<std::unique_ptr<const text_tokenizer>> owned(result<Tokenizer> read) {
  if (!read)
    return tl::unexpected(std::move(read.error()));
  return std::make_unique<const Tokenizer>(std::move(*read));
}

result<std::unique_ptr<const text_tokenizer>> tokenizer_of(const std::filesystem::path& folder,
                                                           const text_plan& plan) {
  return plan.tokens == text_vocabulary::siglip ? owned(siglip_tokenizer::read(folder, plan.context))
                                                : owned(clip_tokenizer::read(folder, plan.context));
}

/// An id that the tower has no row for would read beyond its weights.
result<void> check_ids(const std::filesystem::path& folder, const text_plan& plan,
                       const text_tokenizer& tokenizer) {
  if (tokenizer.vocabulary() > plan.vocabulary)
    return mismatch(folder, "knows " + std::to_string(plan.vocabulary) + " tokens and its tokenizer gives " +
                                std::to_string(tokenizer.vocabulary()));
  if (plan.pooling == text_pooling::end_token && tokenizer.end_id() != plan.end_token)
    return mismatch(folder, "wants texts to end with token " + std::to_string(plan.end_token) +
                                " (eos_token_id) and its tokenizer ends them with " +
                                std::to_string(tokenizer.end_id()));
  return {};
}

tl::unexpected<failure> refuse_memory(const std::exception& error) {
  const bool memory = is_out_of_memory(error);
  return fail(memory ? failure_kind::device_out_of_memory : failure_kind::model_invalid,
              "the text tower cannot be loaded: " + first_line(error),
              memory ? "free memory on this machine" : "check the model's folder");
}

} // namespace

result<text_model> text_model::load(const std::filesystem::path& folder, int threads) {
  try {
    const auto config = read_model_config(folder);
    if (!config)
      return tl::unexpected(config.error());
    const auto plan = read_text_plan(folder);
    if (!plan)
      return tl::unexpected(plan.error());
    if (config->dim != plan->dim)
      return mismatch(folder, "gives " + std::to_string(plan->dim) + " numbers and the vision tower " +
                                  std::to_string(config->dim));
    auto tokenizer = tokenizer_of(folder, *plan);
    if (!tokenizer)
      return tl::unexpected(tokenizer.error());
    if (auto good = check_ids(folder, *plan, **tokenizer); !good)
      return tl::unexpected(good.error());
    auto identity = describe_model(folder);
    if (!identity)
      return tl::unexpected(identity.error());
    const auto file = safetensors_file::open(folder / config->weights_file);
    if (!file)
      return tl::unexpected(file.error());
    const auto weights = weight_map::load(*file, tensors_of(*plan), plan->other_parts);
    if (!weights)
      return tl::unexpected(weights.error());
    set_forward_threads(threads);
    const c10::InferenceMode inference;
    text_transformer tower(*plan, *weights, {.images_per_pass = 1, .fused = false});
    return text_model(std::make_unique<const state>(
        state{std::move(*identity), *plan, std::move(*tokenizer), std::move(tower), threads}));
  } catch (const std::exception& error) {
    return refuse_memory(error);
  }
}

text_model::text_model(std::unique_ptr<const state> made) : state_(std::move(made)) {}
text_model::text_model(text_model&&) noexcept = default;
text_model& text_model::operator=(text_model&&) noexcept = default;
text_model::~text_model() = default;

const model_identity& text_model::identity() const noexcept {
  return state_->identity;
}

std::size_t text_model::context() const noexcept {
  return state_->plan.context;
}

result<text_vector> text_model::embed(std::string_view text) const {
  const auto& s = *state_;
  const auto tokens = s.tokenizer->tokenize(text);
  if (!tokens)
    return tl::unexpected(tokens.error());
  if (std::ranges::all_of(code_points_of(text).value(), is_white_space))
    return fail(failure_kind::usage, "the text is empty", "give words");
  std::span<const std::int64_t> ids(tokens->ids);
  const auto pooled = pooled_token(s.plan, ids).value(); // load() has checked that texts have their end
  ids = s.plan.causal ? ids.first(pooled + 1) : ids;     // what follows it is not seen by it
  text_vector made{{}, tokens->text_tokens, tokens->kept_tokens};
  try {
    const c10::InferenceMode inference;
    set_forward_threads(s.threads);
    const auto feature = s.tower.feature(ids).contiguous();
    const std::span numbers(feature.const_data_ptr<float>(), static_cast<std::size_t>(feature.numel()));
    made.numbers.assign(numbers.begin(), numbers.end());
  } catch (const std::exception& error) {
    return fail(is_out_of_memory(error) ? failure_kind::device_out_of_memory : failure_kind::forward_failed,
                "cpu: " + first_line(error), "free memory on this machine");
  }
  if (!scale_to_unit_length(made.numbers))
    return fail(failure_kind::vector_invalid, "the text gave a vector that is zero or not finite");
  return made;
}

} // namespace trainyard
