// A job says what somebody set, and leaves the rest to the coordinator.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.hpp"
#include "nodes/client/submission.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using options_given = std::map<std::string, std::string, std::less<>>;

result<session_spec> spec(const std::string& directory, options_given flags = {}) {
  auto loaded = load_settings({.flags = std::move(flags), .variables = {}});
  EXPECT_TRUE(loaded) << loaded.error().cause;
  return spec_of(directory, *loaded);
}

TEST(spec, of_defaults_holds_the_folder_only) {
  session_spec bare;
  bare.training_directory = "/nowhere/photos";
  EXPECT_EQ(*spec("/nowhere/photos"), bare);
}

TEST(spec, holds_all_that_was_set) {
  const auto is = spec("2024", {{"job.session_id", "s1"},
                                {"job.root", "photos"},
                                {"job.priority", "2"},
                                {"job.weight", "0.5"},
                                {"job.output", "o"},
                                {"run.model", "m"},
                                {"run.batch_size", "64"},
                                {"run.dtype", "fp32"},
                                {"device.precision", "bf16"},
                                {"device.gpu_batch_size", "8"}});
  ASSERT_TRUE(is) << is.error().cause;
  EXPECT_EQ(is->session_id, "s1");
  EXPECT_EQ(is->root, "photos");
  EXPECT_EQ(is->training_directory, "2024");
  EXPECT_EQ(is->priority, 2U);
  EXPECT_EQ(is->weight, 0.5);
  EXPECT_EQ(is->output, "o");
  EXPECT_EQ(is->model, "m");
  EXPECT_EQ(is->batch_size, 64U) << "the default, but asked for";
  EXPECT_EQ(is->dtype, "fp32");
  EXPECT_EQ(is->precision, "bf16");
  EXPECT_EQ(is->gpu_batch_size, 8U);
  EXPECT_EQ(spec("x", {{"device.precision", "auto"}})->precision, std::nullopt);
}

TEST(spec, makes_a_folder_of_this_machine_absolute_and_leaves_others_as_they_are) {
  const testing::temp_dir dir;
  const auto photos = dir.write("photos/a.jpg", "x").parent_path().string();
  EXPECT_EQ(spec(photos + "/../photos/")->training_directory, photos);
  EXPECT_EQ(spec("/")->training_directory, "/");
  EXPECT_EQ(spec("config")->training_directory, std::filesystem::absolute("config").string());
  EXPECT_EQ(spec("there/only")->training_directory, "there/only");
  EXPECT_EQ(spec("config", {{"job.root", "r"}})->training_directory, "config")
      << "below a root it is the cluster's";
}

TEST(spec, refuses_names_that_are_no_tokens) {
  for (const auto* key : {"job.session_id", "job.root"})
    for (const auto* bad : {"a.b", "*", "a b", ">"}) {
      const auto is = spec("x", {{key, bad}});
      ASSERT_FALSE(is) << key << bad;
      EXPECT_EQ(is.error().kind, failure_kind::usage);
      EXPECT_THAT(is.error().cause, HasSubstr(bad));
    }
}

} // namespace
} // namespace trainyard
