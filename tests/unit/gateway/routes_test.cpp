// Every route is found by its own path, and by no other.
#include "nodes/gateway/routes.hpp"

#include <set>

#include <gtest/gtest.h>

#include "nodes/http/target.hpp"

namespace trainyard {
namespace {

auto ask(std::string_view method, std::string_view path) {
  return find_route(method, parse_target(path)->segments);
}

TEST(routes, each_is_found_by_its_path_and_has_a_name_of_its_own) {
  std::set<std::string_view> names;
  for (const auto& each : routes()) {
    auto path = std::string(each.path);
    if (const auto at = path.find("{id}"); at != path.npos)
      path.replace(at, 4, "s-1");
    const auto found = ask(each.method, path);
    ASSERT_TRUE(std::holds_alternative<found_route>(found)) << path;
    EXPECT_EQ(std::get<found_route>(found).which, &each) << path;
    EXPECT_EQ(std::get<found_route>(found).session, path == each.path ? "" : "s-1");
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
    EXPECT_TRUE(each.sentence.ends_with('.')) << each.name;
  }
}

TEST(routes, head_is_answered_where_get_is) {
  EXPECT_TRUE(std::holds_alternative<found_route>(ask("HEAD", "/api/v1/devices")));
  EXPECT_TRUE(std::holds_alternative<other_method>(ask("HEAD", "/api/v1/login")));
}

TEST(routes, other_methods_are_told_what_is_allowed) {
  for (const auto* method : {"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "X"}) {
    const auto found = ask(method, "/api/v1/training/sessions");
    ASSERT_TRUE(std::holds_alternative<other_method>(found)) << method;
    EXPECT_EQ(std::get<other_method>(found).allow, "POST, GET, HEAD");
  }
  EXPECT_EQ(std::get<other_method>(ask("GET", "/api/v1/training/sessions/s/cancel")).allow, "POST");
}

TEST(routes, nothing_else_is_found) {
  for (const auto* path :
       {"/api", "/api/v1/devices/", "//api/v1/devices", "/api/v1/training/sessions/a/b/c",
        "/api/v1/training/sessions/", "/API/v1/devices", "/api/v1/training/sessions/a%2Fpause/x"})
    EXPECT_FALSE(std::holds_alternative<found_route>(ask("GET", path)) &&
                 std::get<found_route>(ask("GET", path)).session != "")
        << path;
  EXPECT_TRUE(std::holds_alternative<no_such_path>(ask("GET", "/api/v1/devices/")));
  EXPECT_TRUE(std::holds_alternative<no_such_path>(ask("DELETE", "/api/v2/devices")));
}

} // namespace
} // namespace trainyard
