// The doctor on one machine: what it finds good, what it finds bad, and that it leaves nothing behind.
#include <filesystem>

#include <gmock/gmock.h>

#include "tests/integration/run/run_bench.hpp"

namespace trainyard::testing {
namespace {

using ::testing::HasSubstr;

nlohmann::json check_of(const nlohmann::json& said, const std::string& name) {
  for (const auto& each : said["checks"])
    if (each["check"] == name)
      return each;
  return {{"verdict", "missing"}};
}

struct doctor_test : run_bench {
  nlohmann::json look(std::vector<std::string> arguments, int status) const {
    arguments.insert(arguments.begin(), {"doctor", "--json", "--device", "cpu"});
    const auto finished = trainyard(std::move(arguments));
    EXPECT_EQ(finished.status, status) << finished.out << finished.err;
    return nlohmann::json::parse(finished.out, nullptr, false);
  }
};

TEST_F(doctor_test, finds_a_machine_good_on_which_a_run_works) {
  const auto said = look({"--out", out().string()}, 0);
  EXPECT_EQ(said["ok"], true);
  for (const auto* each : {"program", "libraries", "nats-server", "model", "golden images", "device cpu",
                           "output", "temporary", "limits"})
    EXPECT_EQ(check_of(said, each)["verdict"], "good") << each << ": " << said.dump(1);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) // which decoders are not confined under
  EXPECT_EQ(check_of(said, "decoders")["verdict"], "good") << said.dump(1);
  EXPECT_THAT(check_of(said, "decoders")["text"], HasSubstr("seccomp"));
#endif
}

TEST_F(doctor_test, makes_no_folder) {
  look({"--out", (dir.path() / "new/out").string(), "--state-dir", (dir.path() / "state").string()}, 0);
  EXPECT_FALSE(std::filesystem::exists(dir.path() / "new"));
  EXPECT_FALSE(std::filesystem::exists(dir.path() / "state"));
}

TEST_F(doctor_test, tells_all_that_is_wrong_at_once_with_remedies) {
  const auto said = look({"--model", "no-such-model", "--nats-server", "/nowhere/nats-server", "--decoder",
                          "/nowhere/decoder", "--out", "/proc/out"},
                         1);
  EXPECT_EQ(said["ok"], false);
  EXPECT_EQ(check_of(said, "model")["code"], "TY1401");
  EXPECT_EQ(check_of(said, "nats-server")["code"], "TY1304");
  EXPECT_EQ(check_of(said, "decoders")["code"], "TY1701");
  for (const auto& each : said["checks"])
    if (each["verdict"] == "bad" || each["verdict"] == "warning") {
      EXPECT_NE(each.value("remedy", ""), "") << each;
    }
}

TEST_F(doctor_test, finds_weights_that_a_disk_has_changed) {
  const auto model = dir.path() / "efficientnet-lite0";
  std::filesystem::copy("build/models/efficientnet-lite0", model, std::filesystem::copy_options::recursive);
  std::filesystem::resize_file(model / "model.safetensors",
                               std::filesystem::file_size(model / "model.safetensors") - 1);
  const auto said = look({"--model", model.string()}, 1);
  EXPECT_EQ(check_of(said, "model")["code"], "TY1402");
}

TEST_F(doctor_test, speaks_in_lines_to_people) {
  const auto finished = trainyard({"doctor", "--device", "cpu", "--out", out().string()});
  EXPECT_EQ(finished.status, 0);
  EXPECT_THAT(finished.out, HasSubstr("ok    program         trainyard "));
  EXPECT_THAT(finished.out, HasSubstr(" checks: "));
}

TEST_F(doctor_test, says_that_nobody_answers_where_nobody_does) {
  const auto said = look({"--role", "worker", "--nats", "nats://127.0.0.1:1"}, 1);
  EXPECT_EQ(check_of(said, "server")["code"], "TY1301");
  EXPECT_EQ(check_of(said, "connection")["code"], "TY1301");
}

} // namespace
} // namespace trainyard::testing
