// A request and its answer as plain values: all that the gateway's rules see of HTTP.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trainyard {

using http_headers = std::vector<std::pair<std::string, std::string>>;

struct http_request {
  std::string method; ///< "GET", as it was sent
  std::string target; ///< "/api/v1/devices?limit=5", as it was sent
  http_headers headers;
  std::string body;
  std::string peer; ///< address of the other end, without its port
};

struct http_answer {
  int status = 200;
  std::string content_type; ///< empty: there is no body
  std::string body;
  http_headers headers{};
  bool streams_events = false; ///< nothing but the head is here: events follow until somebody hangs up
};

/// Names are compared without case. Nothing where it is missing or stands more than once.
[[nodiscard]] std::optional<std::string_view> header_of(const http_request& of, std::string_view name);
[[nodiscard]] std::size_t headers_named(const http_request& of, std::string_view name);
[[nodiscard]] bool equal_but_for_case(std::string_view left, std::string_view right);

} // namespace trainyard
