// As many threads as a device answers in one pass; whoever comes beyond a few more hears that it is busy.
#include "nodes/worker/embed_service.hpp"

#include <cstring>
#include <mutex>
#include <optional>

#include "actors/device/batch_embedder.hpp"
#include "actors/device/model/text_model.hpp"
#include "messages/embed.hpp"
#include "messages/encoded_answer.hpp"
#include "nodes/nats/request_pool.hpp"

namespace trainyard {

namespace {

constexpr std::size_t most_waiting = 16; ///< whole files, so memory for them has a bound

blob bytes_of_row(std::span<const float> row) {
  blob raw;
  raw.bytes.resize(row.size_bytes());
  std::memcpy(raw.bytes.data(), row.data(), row.size_bytes());
  return raw;
}

} // namespace

struct embed_service::state {
  embed_service_options options;
  std::mutex mutex; ///< guards `texts`, and is held while it embeds
  std::optional<result<text_model>> texts;
  std::unique_ptr<request_pool> pool; ///< last: its threads use all above

  [[nodiscard]] embed_answer answer_of(std::span<const float> row) const {
    embed_answer answer;
    answer.model = options.model.name;
    answer.space_id = options.model.space_id;
    answer.dim = options.model.dim;
    answer.vector = bytes_of_row(row);
    return answer;
  }

  [[nodiscard]] result<embed_answer> embed(const blob& image) const {
    const auto done = options.embed_image(image.bytes);
    if (!done)
      return tl::unexpected(done.error());
    auto answer = answer_of(done->vector);
    answer.width = done->width;
    answer.height = done->height;
    return answer;
  }

  /// A model without a text half stays without one; whatever else kept it from loading may pass.
  result<embed_answer> embed(const std::string& text) {
    const std::lock_guard lock(mutex);
    if (!texts || (!*texts && texts->error().kind != failure_kind::model_missing &&
                   texts->error().kind != failure_kind::model_invalid))
      texts.emplace(text_model::load(options.model_folder, options.text_threads));
    if (!*texts)
      return tl::unexpected(texts->error());
    const auto vector = (*texts)->embed(text);
    if (!vector)
      return tl::unexpected(vector.error());
    auto answer = answer_of(vector->numbers);
    answer.tokens = vector->kept_tokens;
    return answer;
  }

  result<embed_answer> embed(const embed_request& asked) {
    const bool is_image = !asked.image.bytes.empty();
    if (is_image != asked.text.empty())
      return fail(failure_kind::message_invalid,
                  is_image ? "the request has an image and a text" : "the request has neither image nor text",
                  "ask for one of them");
    return is_image ? embed(asked.image) : embed(asked.text);
  }

  std::vector<std::byte> answer(const nats_message& message) {
    const auto asked = decode<embed_request>(message.payload);
    const auto done = asked ? embed(*asked) : result<embed_answer>(tl::unexpected(asked.error()));
    return encoded_answer(done, is_json(message.payload));
  }
};

embed_service::embed_service(std::unique_ptr<state> made) : state_(std::move(made)) {}
embed_service::~embed_service() = default;

void embed_service::stop_listening() {
  state_->pool->stop_listening();
}

result<std::unique_ptr<embed_service>>
embed_service::open(std::shared_ptr<connection> link, const subjects& names, embed_service_options options) {
  std::unique_ptr<embed_service> made(new embed_service(std::make_unique<state>()));
  auto* state = made->state_.get(); // outlives the pool
  const auto subject = names.embed(options.model.name);
  state->options = std::move(options);
  auto pool = request_pool::open(
      std::move(link), {subject}, [state](const nats_message& asked) { return state->answer(asked); },
      {names.workers(), batch_embedder::queries_per_pass, most_waiting, "the worker"});
  if (!pool)
    return tl::unexpected(pool.error());
  state->pool = std::move(*pool);
  return made;
}

} // namespace trainyard
