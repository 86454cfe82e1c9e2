// stderr of real processes with --log-format json: objects alone, from the first line to the last.
#include <csignal>
#include <sstream>

#include <gmock/gmock.h>

#include "tests/integration/cluster/cluster_bench.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard::testing {
namespace {

using namespace std::chrono_literals;

struct json_log_test : cluster_bench {
  /// Each line of `text`, of which every one must be an object with the four fields.
  static std::vector<nlohmann::json> objects_in(const std::string& text) {
    std::vector<nlohmann::json> all;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      auto object = nlohmann::json::parse(line, nullptr, false);
      EXPECT_TRUE(object.is_object()) << "'" << line << "' of: " << text;
      if (object.is_object())
        all.push_back(std::move(object));
    }
    EXPECT_FALSE(all.empty());
    return all;
  }
  static void expect_lines_of_the_log(const std::string& text) {
    for (const auto& each : objects_in(text))
      for (const auto* field : {"time", "level", "room", "text"})
        EXPECT_TRUE(each.contains(field)) << each;
  }
  std::string served(child_process& member) const {
    EXPECT_TRUE(eventually(60s, [&] {
      return member.err_so_far().find("until it is stopped") != std::string::npos || !member.running();
    })) << member.err_so_far();
    member.signal(SIGTERM);
    return member.wait(60s).value_or(finished_process{}).err;
  }
};

TEST_F(json_log_test, is_all_that_a_coordinator_and_a_worker_write) {
  auto& coordinator_process = coordinator("c1", {"--log-format", "json"});
  auto& worker_process = worker("w1", {"--log-format", "json", "--device", "cpu"});
  expect_lines_of_the_log(served(worker_process));
  expect_lines_of_the_log(served(coordinator_process));
}

TEST_F(json_log_test, holds_the_code_of_what_ends_a_process) {
  const auto ended = client({"worker", "--log-format", "json", "--model", "no-such-model"});
  const auto last = objects_in(ended.err).back();
  EXPECT_EQ(last["level"], "error");
  EXPECT_EQ(last["code"], "TY1401");
  EXPECT_NE(last.value("remedy", ""), "");
}

TEST_F(json_log_test, of_a_run_has_objects_of_progress_beside_those_of_the_log) {
  auto arguments = run_arguments(photos(), out());
  std::erase(arguments, "--json");
  arguments.insert(arguments.end(), {"--log-format", "json", "--device", "cpu"});
  const auto run = trainyard(arguments);
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_GE(objects_in(run.err).size(), 2U);
}

} // namespace
} // namespace trainyard::testing
