// What is embedded is whole, and asks for nothing that is not.
#include "nodes/gateway/dashboard_files.hpp"

#include <filesystem>
#include <map>
#include <regex>

#include <gtest/gtest.h>

#include "tests/support/child_process.hpp"

namespace trainyard {
namespace {

TEST(dashboard_files, are_the_bytes_of_the_source_tree) {
  ASSERT_GE(dashboard_files().size(), 10U);
  for (const auto& each : dashboard_files()) {
    const auto name = each.path == "/" ? "/index.html" : std::string(each.path);
    EXPECT_EQ(testing::content_of("ops/dashboard" + name), each.content) << name;
  }
}

TEST(dashboard_files, name_only_one_another) {
  std::map<std::string, bool> known;
  for (const auto& each : dashboard_files())
    known[std::string(each.path)] = true;
  const std::regex named(R"re((?:src|href|from)\s?=?\s?"(/[^"]*)")re");
  for (const auto& each : dashboard_files()) {
    const std::string text(each.content);
    if (each.path.starts_with("/vendor/"))
      continue;
    for (std::sregex_iterator at(text.begin(), text.end(), named), end; at != end; ++at)
      EXPECT_TRUE(known.contains((*at)[1])) << each.path << " names " << (*at)[1];
    EXPECT_EQ(text.find("https://"), text.npos) << each.path << " leaves this machine";
  }
}

TEST(dashboard_files, run_under_a_policy_without_inline_scripts_and_styles) {
  for (const auto& each : dashboard_files()) {
    if (each.path != "/")
      continue;
    EXPECT_EQ(each.content.find("<style"), each.content.npos);
    EXPECT_EQ(each.content.find("style="), each.content.npos);
    EXPECT_EQ(each.content.find("onclick"), each.content.npos);
    EXPECT_EQ(each.content.find("<script>"), each.content.npos);
  }
}

} // namespace
} // namespace trainyard
