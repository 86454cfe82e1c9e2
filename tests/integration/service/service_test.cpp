// Services installed by the real binary, and their files read by systemd's own checker and by plistlib.
#include <filesystem>

#include <gmock/gmock.h>

#include "tests/integration/run/run_bench.hpp"

namespace trainyard::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct service_test : run_bench {
  fs::path config = dir.path() / "config";
  fs::path unit = config / "systemd/user/trainyard-worker.service";

  finished_process service(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "service");
    return trainyard(std::move(arguments), {"XDG_CONFIG_HOME=" + config.string()});
  }
  finished_process run_tool(std::vector<std::string> arguments) const {
    child_process tool(dir.path(), std::move(arguments));
    return tool.wait(60s).value_or(finished_process{});
  }
};

TEST_F(service_test, is_installed_shown_and_taken_away_without_anything_being_started) {
  const auto installed =
      service({"install", "worker", "--root", "photos=" + photos().string(), "--service-manager", "systemd"});
  EXPECT_EQ(installed.status, 0) << installed.err;
  EXPECT_THAT(installed.out, HasSubstr("Not started."));
  EXPECT_THAT(installed.out, HasSubstr("systemctl --user enable --now trainyard-worker.service"));
  EXPECT_THAT(content_of(unit), HasSubstr("--root photos=" + photos().string()));

  const auto status = service({"status", "worker", "--json", "--service-manager", "systemd"});
  EXPECT_EQ(status.status, 1); // nothing runs
  const auto told = nlohmann::json::parse(status.out);
  EXPECT_EQ(told["installed"], true);
  EXPECT_NE(told["state"], "active");

  const auto removed = service({"uninstall", "worker", "--service-manager", "systemd"});
  EXPECT_EQ(removed.status, 0) << removed.err;
  EXPECT_FALSE(fs::exists(unit));
  EXPECT_THAT(service({"uninstall", "worker", "--service-manager", "systemd"}).out,
              HasSubstr("not installed"));
}

TEST_F(service_test, overwrites_and_removes_no_file_of_somebody_else) {
  fs::create_directories(unit.parent_path());
  dir.write("config/systemd/user/trainyard-worker.service", "[Unit]\n");
  for (const auto* verb : {"install", "uninstall"}) {
    const auto refused = service({verb, "worker", "--service-manager", "systemd"});
    EXPECT_EQ(refused.status, 73) << verb;
    EXPECT_THAT(refused.err, HasSubstr("was not written by trainyard"));
  }
  EXPECT_EQ(content_of(unit), "[Unit]\n");
}

TEST_F(service_test, prints_what_it_would_write) {
  const std::vector<std::string> flags{"worker", "--service-manager", "systemd", "--nats", "nats://hub:4222"};
  auto print = flags;
  print.insert(print.begin(), "print");
  const auto printed = service(print);
  EXPECT_FALSE(fs::exists(unit));
  auto install = flags;
  install.insert(install.begin(), "install");
  EXPECT_EQ(service(install).status, 0);
  EXPECT_EQ(content_of(unit), printed.out);
}

TEST_F(service_test, has_units_that_systemd_accepts) {
  if (!fs::exists("/usr/bin/systemd-analyze"))
    GTEST_SKIP() << "systemd-analyze is not installed here";
  const auto units = dir.path() / "my units 100%";
  const std::vector<std::vector<std::string>> scopes{{}, {"--system", "--run-as", "root"}};
  for (const auto* role : {"coordinator", "worker", "gateway"})
    for (const auto& scope : scopes) {
      auto arguments = std::vector<std::string>{
          "install",           role,      "--service-folder", units.string(), "--nats", "nats://hub:4222",
          "--service-manager", "systemd", "--log-level",      "debug"};
      arguments.insert(arguments.end(), scope.begin(), scope.end());
      if (std::string(role) == "coordinator")
        arguments.insert(arguments.end(), {"--output-root", units.string()});
      EXPECT_EQ(service(arguments).status, 0);
      const auto file = units / ("trainyard-" + std::string(role) + ".service");
      const auto checked = run_tool({"/usr/bin/systemd-analyze", "verify", "--man=no", file.string()});
      EXPECT_EQ(checked.status, 0) << checked.out << checked.err;
      EXPECT_THAT(checked.err, Not(HasSubstr(role + std::string(".service:")))) << content_of(file);
    }
}

TEST_F(service_test, has_property_lists_that_read_back) {
  const auto printed = service({"print", "worker", "--service-manager", "launchd", "--root",
                                "photos=/Volumes/a & <b>", "--system", "--run-as", "yard"});
  const auto file = dir.write("worker.plist", printed.out);
  const auto read = run_tool({TRAINYARD_PYTHON, "-c",
                              "import json, plistlib, sys; "
                              "print(json.dumps(plistlib.load(open(sys.argv[1], 'rb'))))",
                              file.string()});
  ASSERT_EQ(read.status, 0) << read.err;
  const auto list = nlohmann::json::parse(read.out);
  EXPECT_EQ(list["Label"], "org.trainyard.worker");
  EXPECT_EQ(list["UserName"], "yard");
  EXPECT_EQ(list["ProgramArguments"].back(), "photos=/Volumes/a & <b>");
  EXPECT_EQ(list["KeepAlive"], true);
}

} // namespace
} // namespace trainyard::testing
