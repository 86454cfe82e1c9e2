// What is refused before anybody looks at what was asked: names that are not ours, pages of other sites,
// bodies of other types.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nodes/http/http_text.hpp"

namespace trainyard {

/// "host" of "host:port", "[::1]:80" and so on, in lower case without brackets; nothing where it is no such
/// text.
struct http_authority {
  std::string host;
  std::string port; ///< empty: none was given
  bool operator==(const http_authority&) const = default;
};
[[nodiscard]] std::optional<http_authority> parse_authority(std::string_view text);
/// An address needs no DNS, so no page can make its own name mean it.
[[nodiscard]] bool is_address(std::string_view host);

/// The answer that refuses; nothing where the request may go on. `names`: what we are called, beside
/// localhost and addresses.
[[nodiscard]] std::optional<http_answer> refuse_host(const http_request& of,
                                                     const std::vector<std::string>& names);
/// For requests that change something: the page that sent it must be ours, if any did.
[[nodiscard]] std::optional<http_answer> refuse_origin(const http_request& of);
/// A form of another site cannot send JSON unasked; REQUIRES: a POST.
[[nodiscard]] std::optional<http_answer> refuse_body_type(const http_request& of,
                                                          std::string_view wanted = "application/json");

} // namespace trainyard
