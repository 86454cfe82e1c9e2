// Requests for single vectors in the forms that other services have made known, and answers in the same
// forms.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "messages/embed.hpp"
#include "messages/failure.hpp"

namespace trainyard {

struct wanted_embeddings {
  std::string model;
  std::vector<embed_request> inputs;
  bool as_base64 = false;       ///< else numbers
  std::uint64_t dimensions = 0; ///< that the caller counts on; 0: he takes what comes
};

/// No request has more.
inline constexpr std::size_t most_embedding_inputs = 32;

/// OpenAI's POST /v1/embeddings: {model, input, encoding_format, dimensions, user}. An input is a text; one
/// that is a data URI of an image, or any where modality is "image" as Infinity has it, is an image.
/// request_invalid and message_invalid.
[[nodiscard]] result<wanted_embeddings> read_openai(std::string_view body);
/// request_invalid where the vectors are not as long as the caller wants them.
[[nodiscard]] result<std::string> write_openai(const wanted_embeddings& wanted,
                                               const std::vector<embed_answer>& answers);

/// Immich's POST /predict: a form with `entries`, {"clip": {"visual" or "textual": {"modelName": M}}}, and
/// `image` or `text`.
[[nodiscard]] result<wanted_embeddings> read_immich(std::string_view content_type, std::string_view body);
[[nodiscard]] std::string write_immich(const embed_answer& answer);

} // namespace trainyard
