// The search among routes, segment by segment.
#include "nodes/gateway/routes.hpp"

namespace trainyard {
namespace {

constexpr std::string_view id_segment = "{id}";

/// The session in {id}'s place, empty for a path without one; nothing where `segments` is another path.
std::optional<std::string> match(std::string_view path, const std::vector<std::string>& segments) {
  std::string session;
  std::size_t at = 0;
  for (path.remove_prefix(1); !path.empty() || at < segments.size(); ++at) {
    if (path.empty() || at == segments.size())
      return std::nullopt;
    const auto slash = path.find('/');
    const auto wanted = path.substr(0, slash);
    if (wanted == id_segment)
      session = segments[at];
    else if (wanted != segments[at])
      return std::nullopt;
    path.remove_prefix(slash == path.npos ? path.size() : slash + 1);
  }
  return session;
}

} // namespace

std::variant<found_route, no_such_path, other_method> find_route(std::string_view method,
                                                                 const std::vector<std::string>& segments) {
  std::string allow;
  for (const auto& each : routes()) {
    auto session = match(each.path, segments);
    if (!session)
      continue;
    if (each.method == method || (each.method == "GET" && method == "HEAD"))
      return found_route{&each, std::move(*session)};
    allow += (allow.empty() ? "" : ", ") + std::string(each.method == "GET" ? "GET, HEAD" : each.method);
  }
  if (allow.empty())
    return no_such_path{};
  return other_method{std::move(allow)};
}

} // namespace trainyard
