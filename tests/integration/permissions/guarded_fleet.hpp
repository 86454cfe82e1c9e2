// trainyard's own processes, each under its role's user of a guarded server, over a few real photos.
#pragma once

#include <algorithm>
#include <memory>

#include "tests/integration/permissions/guarded_server.hpp"
#include "tests/integration/run/run_bench.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard::testing {

class guarded_fleet : public run_bench {
protected:
  [[nodiscard]] std::unique_ptr<child_process> start_as(const std::string& role,
                                                        std::vector<std::string> arguments) const {
    auto variables = with_login(role);
    arguments.insert(arguments.begin(), program);
    return std::make_unique<child_process>(dir.path(), std::move(arguments), std::move(variables));
  }
  [[nodiscard]] finished_process run_as(const std::string& role, std::vector<std::string> arguments) const {
    const auto running = start_as(role, std::move(arguments));
    const auto finished = running->wait(std::chrono::seconds(120));
    EXPECT_TRUE(finished) << "still running: " << running->err_so_far();
    return finished.value_or(finished_process{});
  }
  [[nodiscard]] std::unique_ptr<child_process> coordinator() const {
    return started(start_as("coordinator", {"coordinator", "--root", "photos=" + photos().string(),
                                            "--output-root", out().string(), "--batch-size", "8"}),
                   "takes sessions");
  }
  [[nodiscard]] std::unique_ptr<child_process> worker() const {
    return started(start_as("worker", {"worker", "--root", "photos=" + photos().string(),
                                       "--no-nats-administer", "--device", "cpu"}),
                   "takes work");
  }
  [[nodiscard]] std::vector<std::string> with_login(const std::string& role) const {
    auto variables = server.environment_of(role);
    variables.push_back("XDG_CONFIG_HOME=" + (dir.path() / "config").string());
    variables.push_back("XDG_STATE_HOME=" + (dir.path() / "state").string());
    return variables;
  }

  static std::unique_ptr<child_process> started(std::unique_ptr<child_process> process, const char* sign) {
    const bool up = eventually(std::chrono::seconds(60), [&] {
      return process->err_so_far().find(sign) != std::string::npos || !process->running();
    });
    EXPECT_TRUE(up && process->running()) << process->err_so_far();
    return process;
  }

  guarded_server server;
};

} // namespace trainyard::testing
