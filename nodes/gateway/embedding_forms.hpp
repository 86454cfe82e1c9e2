// What all forms of requests for single vectors share: how they are refused, and a vector as numbers.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "messages/embed.hpp"
#include "messages/http_failure.hpp"

namespace trainyard {

[[nodiscard]] inline tl::unexpected<failure> invalid_request(std::string cause, std::string remedy) {
  return fail(kind_of(http_failure::request_invalid), std::move(cause), std::move(remedy));
}

/// REQUIRES: a vector of dim numbers, as embedding_port gives it.
[[nodiscard]] inline std::vector<float> numbers_of(const embed_answer& answer) {
  std::vector<float> numbers(answer.dim);
  std::memcpy(numbers.data(), answer.vector.bytes.data(), answer.vector.bytes.size());
  return numbers;
}

} // namespace trainyard
