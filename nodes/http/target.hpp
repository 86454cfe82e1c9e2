// What a request's target names: the segments of a path and the parameters behind "?", decoded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "messages/failure.hpp"

namespace trainyard {

struct http_target {
  std::vector<std::string> segments; ///< of "/api/v1/devices": api, v1, devices; none for "/"
  std::vector<std::pair<std::string, std::string>> query;
};

/// request_invalid where it is no path, a % is not followed by two hex digits, or what comes out is no text:
/// a control character or bytes that are not UTF-8.
[[nodiscard]] result<http_target> parse_target(std::string_view target);

/// The parameter's value; nothing when it is missing.
[[nodiscard]] std::optional<std::string_view> parameter(const http_target& of, std::string_view name);
/// A whole number from `least` to `most`, `standard` when the parameter is missing; request_invalid
/// otherwise.
[[nodiscard]] result<std::uint64_t> number_parameter(const http_target& of, std::string_view name,
                                                     std::uint64_t standard, std::uint64_t least,
                                                     std::uint64_t most);

} // namespace trainyard
