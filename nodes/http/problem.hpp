// A failure as HTTP tells it: application/problem+json (RFC 9457) with code, cause and remedy.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "messages/failure.hpp"
#include "messages/fields.hpp"
#include "nodes/http/http_text.hpp"

namespace trainyard {

struct problem_document {
  std::string type; ///< "urn:trainyard:error:TY1602": what docs/errors.md says of the code
  std::string title;
  std::int64_t status = 500;
  std::string detail; ///< cause and remedy, for programs that know no more than the RFC
  std::string code;
  std::string cause;
  std::string remedy;

  static constexpr auto fields() {
    return std::tuple{
        required("type", &problem_document::type),     required("title", &problem_document::title),
        required("status", &problem_document::status), required("detail", &problem_document::detail),
        required("code", &problem_document::code),     required("cause", &problem_document::cause),
        required("remedy", &problem_document::remedy)};
  }
};

inline constexpr std::string_view problem_type = "application/problem+json";

/// What a coordinator's refusal, or its silence, is in HTTP.
[[nodiscard]] int http_status_of(failure_kind kind) noexcept;
/// "Not Found".
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

[[nodiscard]] http_answer problem_answer(int status, const failure& why);
[[nodiscard]] inline http_answer problem_answer(const failure& why) {
  return problem_answer(http_status_of(why.kind), why);
}

} // namespace trainyard
