// The parts of a form as browsers and HTTP libraries send it with files: multipart/form-data, RFC 7578.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "messages/failure.hpp"

namespace trainyard {

struct form_part {
  std::string name;
  std::string_view content; ///< lies in the body
};

/// request_invalid where it is no such form, a part has no name, or there are more than most_form_parts.
[[nodiscard]] result<std::vector<form_part>> form_parts(std::string_view content_type, std::string_view body);
inline constexpr std::size_t most_form_parts = 16;

} // namespace trainyard
