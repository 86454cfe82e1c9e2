// A program run for a test: its output in files, its end awaited with a deadline, never left behind.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace trainyard::testing {

/// Exit status as a shell has it: 128 + signal for a killed one.
struct finished_process {
  int status = -1;
  std::string out;
  std::string err;
};

class child_process {
public:
  /// `environment` entries ("NAME=value") are added to this process's own. `folder` receives stdout and
  /// stderr.
  child_process(const std::filesystem::path& folder, std::vector<std::string> arguments,
                std::vector<std::string> environment = {});
  ~child_process(); ///< kills and reaps what still runs
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  void signal(int number) const;
  [[nodiscard]] bool running();
  /// Nothing when the deadline passes first.
  [[nodiscard]] std::optional<finished_process> wait(std::chrono::milliseconds deadline);
  [[nodiscard]] std::string err_so_far() const;
  [[nodiscard]] pid_t pid() const { return pid_; }

private:
  pid_t pid_ = -1;
  std::optional<int> status_;
  std::filesystem::path out_;
  std::filesystem::path err_;
};

[[nodiscard]] std::string content_of(const std::filesystem::path& file);

} // namespace trainyard::testing
