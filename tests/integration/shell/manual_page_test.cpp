// The manual page as man shows it, and as the checkers of groff and mandoc read it.
#include <filesystem>
#include <sstream>

#include <gmock/gmock.h>

#include "tests/integration/run/run_bench.hpp"

namespace trainyard::testing {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

struct manual_page_test : run_bench {
  std::filesystem::path page() const {
    const auto said = trainyard({"man"});
    EXPECT_EQ(said.status, 0) << said.err;
    return dir.write("trainyard.1", said.out);
  }
  finished_process run_tool(std::vector<std::string> arguments) const {
    child_process tool(dir.path(), std::move(arguments),
                       {"LC_ALL=C.UTF-8", "MANWIDTH=100", "MANPAGER=cat", "TERM=dumb", "MANROFFSEQ="});
    return tool.wait(60s).value_or(finished_process{});
  }
};

TEST_F(manual_page_test, is_shown_by_man_with_every_command_and_section) {
  if (!std::filesystem::exists("/usr/bin/man"))
    GTEST_SKIP() << "man is not installed here";
  const auto shown = run_tool({"/usr/bin/man", "-P", "cat", "-l", page().string()});
  ASSERT_EQ(shown.status, 0) << shown.err;
  EXPECT_EQ(shown.err, "");
  for (const auto* each : {"TRAINYARD(1)", "trainyard run DIR", "trainyard service install ROLE",
                           "--gpu-memory-cleanup-interval N", "TRAINYARD_NATS_PASSWORD", "EXIT STATUS"})
    EXPECT_THAT(shown.out, HasSubstr(each));
}

TEST_F(manual_page_test, has_no_mistake_that_groff_warns_of) {
  if (!std::filesystem::exists("/usr/bin/groff"))
    GTEST_SKIP() << "groff is not installed here";
  const auto checked = run_tool({"/usr/bin/groff", "-man", "-Tutf8", "-ww", "-z", page().string()});
  EXPECT_EQ(checked.status, 0);
  EXPECT_EQ(checked.err, "");
}

TEST_F(manual_page_test, has_no_mistake_that_mandoc_warns_of) {
  if (!std::filesystem::exists("/usr/bin/mandoc"))
    GTEST_SKIP() << "mandoc is not installed here";
  const auto checked = run_tool({"/usr/bin/mandoc", "-man", "-T", "lint", "-W", "warning", page().string()});
  std::string complaints;
  std::istringstream lines(checked.out);
  for (std::string line; std::getline(lines, line);)
    if (line.find("missing date") == line.npos) // it has a version instead
      complaints += line + "\n";
  EXPECT_EQ(complaints, "");
}

} // namespace
} // namespace trainyard::testing
