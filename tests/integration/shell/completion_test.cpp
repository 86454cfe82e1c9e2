// Completion as a shell does it: the script that the binary writes, sourced in a real bash.
#include <filesystem>
#include <set>
#include <sstream>

#include <gmock/gmock.h>

#include "tests/integration/run/run_bench.hpp"

namespace trainyard::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using namespace std::chrono_literals;
using words = std::set<std::string>;

struct completion_test : run_bench {
  std::filesystem::path script_for(const std::string& shell) const {
    const auto said = trainyard({"completion", shell});
    EXPECT_EQ(said.status, 0) << said.err;
    return dir.write("completion." + shell, said.out);
  }

  finished_process run_tool(std::vector<std::string> arguments) const {
    child_process tool(dir.path(), std::move(arguments), {"LC_ALL=C"});
    return tool.wait(60s).value_or(finished_process{});
  }

  /// What bash offers behind `trainyard` and these words, of which the last is the one being typed.
  words offered(std::vector<std::string> typed) const {
    std::vector<std::string> arguments{
        "/bin/bash",
        "--norc",
        "-c",
        R"(cd "$1"; source "$2"; shift 2; COMP_WORDS=(trainyard "$@"); COMP_CWORD=$#; COMPREPLY=(); _trainyard
for each in "${COMPREPLY[@]}"; do printf '%s\n' "$each"; done)",
        "bash",
        dir.path().string(),
        script_for("bash").string()};
    arguments.insert(arguments.end(), typed.begin(), typed.end());
    const auto said = run_tool(arguments);
    EXPECT_EQ(said.err, "");
    words found;
    std::istringstream lines(said.out);
    for (std::string line; std::getline(lines, line);)
      found.insert(line);
    return found;
  }
};

TEST_F(completion_test, offers_commands_first_and_then_their_second_words) {
  EXPECT_THAT(offered({"wo"}), ElementsAre("worker"));
  EXPECT_THAT(offered({""}), Contains("models"));
  EXPECT_THAT(offered({"models", ""}), ElementsAre("add", "check", "list"));
  EXPECT_THAT(offered({"config", "s"}), ElementsAre("show"));
}

TEST_F(completion_test, offers_the_flags_of_the_command_alone) {
  EXPECT_THAT(offered({"run", "--gpu-b"}), ElementsAre("--gpu-batch-size"));
  EXPECT_THAT(offered({"run", "--"}), Not(Contains("--nats")));
  EXPECT_THAT(offered({"worker", "--"}), Contains("--nats"));
  EXPECT_THAT(offered({"worker", "--no-nats-a"}), ElementsAre("--no-nats-administer"));
  EXPECT_THAT(offered({"service", "install", "worker", "--run"}), ElementsAre("--run-as"));
}

TEST_F(completion_test, offers_the_values_of_a_choice) {
  EXPECT_THAT(offered({"run", "photos", "--precision", ""}), ElementsAre("auto", "bf16", "fp16", "fp32"));
  EXPECT_THAT(offered({"run", "--precision", "=", "bf"}), ElementsAre("bf16"));
  EXPECT_THAT(offered({"run", "--precision", "="}), ElementsAre("auto", "bf16", "fp16", "fp32"));
  EXPECT_THAT(offered({"service", "print", "g"}), ElementsAre("gateway"));
  EXPECT_THAT(offered({"completion", ""}), ElementsAre("bash", "fish", "zsh"));
}

TEST_F(completion_test, offers_files_and_folders_whose_names_hold_blanks) {
  dir.write("my photos/a.jpg", "");
  dir.write("my notes.toml", "");
  EXPECT_THAT(offered({"run", "my"}), ElementsAre("my photos"));
  EXPECT_THAT(offered({"run", "--config", "my"}), ElementsAre("my notes.toml", "my photos"));
}

TEST_F(completion_test, offers_nothing_where_it_knows_nothing) {
  EXPECT_THAT(offered({"status", ""}), IsEmpty());
  EXPECT_THAT(offered({"worker", "--node", ""}), IsEmpty());
  EXPECT_THAT(offered({"no-such-command", ""}), IsEmpty());
}

TEST_F(completion_test, is_a_script_that_its_shell_can_read) {
  EXPECT_EQ(run_tool({"/bin/bash", "-n", script_for("bash").string()}).err, "");
  for (const std::string shell : {"zsh", "fish"}) {
    const auto script = script_for(shell);
    const auto its_shell = "/usr/bin/" + shell;
    if (!std::filesystem::exists(its_shell))
      continue;
    const auto read = run_tool({its_shell, "-n", script.string()});
    EXPECT_EQ(read.status, 0) << shell << ": " << read.err;
    EXPECT_EQ(read.err, "") << shell;
  }
}

TEST_F(completion_test, in_fish_offers_the_same) {
  if (!std::filesystem::exists("/usr/bin/fish"))
    GTEST_SKIP() << "fish is not installed here";
  const auto offer = [&](const std::string& line) {
    return run_tool({"/usr/bin/fish", "--no-config", "-c",
                     "source " + script_for("fish").string() + "; complete -C '" + line + "'"})
        .out;
  };
  EXPECT_THAT(offer("trainyard wor"), ::testing::StartsWith("worker\t"));
  EXPECT_THAT(offer("trainyard models a"), ::testing::StartsWith("add\t"));
  EXPECT_THAT(offer("trainyard run --precision bf"), ::testing::StartsWith("bf16"));
  EXPECT_THAT(offer("trainyard run --nats"), ::testing::StartsWith("--nats-server"));
}

TEST_F(completion_test, of_another_shell_is_a_mistake_with_a_remedy) {
  const auto said = trainyard({"completion", "tcsh"});
  EXPECT_EQ(said.status, 2);
  EXPECT_THAT(said.err, ::testing::HasSubstr("bash, zsh, fish"));
}

} // namespace
} // namespace trainyard::testing
