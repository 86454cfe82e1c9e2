// The one table of what can be asked over HTTP; serving, 405 and its Allow, and the OpenAPI document come
// from it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace trainyard {

enum class operation : std::uint8_t {
  submit,
  list,
  about_session, ///< the route's verb is what a coordinator is asked
  failures,
  session_history,
  devices,
  dead_letters,
  health,
  nodes,
  history,
  events,
  embeddings,
  predict,
  ping,
  log_in,
  log_out,
  openapi,
  metrics,
  livez,
  readyz,
  file, ///< of the dashboard
};

struct query_parameter {
  std::string_view name;
  std::string_view sentence;
  std::string_view choices{}; ///< separated by '|'; empty: a whole number, or a mere flag where most is 0
  std::uint64_t standard = 0;
  std::uint64_t least = 0;
  std::uint64_t most = 0;
};

struct route {
  operation what;
  std::string_view method; ///< GET (HEAD is answered too) or POST
  std::string_view path;   ///< "{id}" stands for the id of a session
  std::string_view name;   ///< operationId
  std::string_view sentence;
  std::string_view verb{};  ///< of the request to a coordinator
  std::string_view takes{}; ///< name of the body's schema
  std::string_view gives{}; ///< and of the answer's
  std::string_view content_type = "application/json";
  std::string_view body_type = "application/json";
  std::size_t body_bytes = 0; ///< at most; 0: as the server's limits have it
  int status = 200;           ///< where all is well
  bool open = false;          ///< to callers without a token
  std::span<const query_parameter> query{};
};

[[nodiscard]] std::span<const route> routes();

struct found_route {
  const route* which = nullptr;
  std::string session; ///< what stood in place of {id}
};
struct no_such_path {};
struct other_method {
  std::string allow; ///< "GET, HEAD"
};
/// HEAD is GET. REQUIRES: `segments` of parse_target.
[[nodiscard]] std::variant<found_route, no_such_path, other_method>
find_route(std::string_view method, const std::vector<std::string>& segments);

} // namespace trainyard
