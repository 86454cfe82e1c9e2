// `trainyard run` as a user starts it: the real binary, a real nats-server, real photos, the real model.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard::testing {

class run_bench : public ::testing::Test {
protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  /// Photos made once for all tests; do not change them.
  [[nodiscard]] static std::filesystem::path photos() { return shared_->path() / "photos"; }
  [[nodiscard]] std::filesystem::path out() const { return dir.path() / "out"; }
  /// The files of the private nats-server stand below it, so that a test sees what is left behind.
  [[nodiscard]] std::filesystem::path runtime() const { return dir.path() / "runtime"; }

  /// trainyard with `arguments`; stderr, stdout and the private server's files stay within `dir`.
  [[nodiscard]] child_process start(std::vector<std::string> arguments,
                                    std::vector<std::string> environment = {}) const;
  [[nodiscard]] finished_process trainyard(std::vector<std::string> arguments,
                                           std::vector<std::string> environment = {}) const;
  /// run DIR --out out() with small batches and --json.
  [[nodiscard]] static std::vector<std::string> run_arguments(const std::filesystem::path& from,
                                                              const std::filesystem::path& to);
  [[nodiscard]] static nlohmann::json report_of(const finished_process& finished);
  /// What check_folder.py says of an output folder; fails the test when it objects.
  [[nodiscard]] nlohmann::json check_folder(const std::filesystem::path& from,
                                            const std::filesystem::path& to) const;
  /// Every file but .trainyard/, by name.
  [[nodiscard]] static std::map<std::string, std::string> visible_bytes(const std::filesystem::path& folder);
  [[nodiscard]] static std::uintmax_t ledger_bytes(const std::filesystem::path& folder);
  [[nodiscard]] bool nothing_left_behind() const;
  /// Of the private nats-server that runs now; 0 when none does.
  [[nodiscard]] pid_t server_pid() const;
  [[nodiscard]] static std::filesystem::path a_jpeg();

  temp_dir dir;
  std::string program; ///< what start() starts; set by the constructor to the product

  run_bench();

private:
  static temp_dir* shared_;
};

} // namespace trainyard::testing
