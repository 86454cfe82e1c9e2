// A job becomes a record with every choice made, and that record the same session anywhere.
#include "tests/unit/host/intake_world.hpp"

namespace trainyard::testing {
namespace {

struct session_intake_test : intake_world {};

TEST_F(session_intake_test, makes_every_choice_that_a_job_leaves_open) {
  const auto made = accept(spec("2024"));
  ASSERT_TRUE(made) << made.error().cause;
  EXPECT_EQ(made->wanted, "running");
  EXPECT_EQ(made->pool, "mock_fp32");
  EXPECT_EQ(made->spec.session_id, "s1");
  EXPECT_EQ(made->spec.root, "photos");
  EXPECT_EQ(made->spec.training_directory, "2024");
  EXPECT_EQ(made->spec.model, "mock");
  EXPECT_EQ(made->spec.batch_size, 64U);
  EXPECT_EQ(made->spec.precision, "fp32");
  EXPECT_EQ(made->spec.dtype, "fp16");
  EXPECT_EQ(made->spec.priority, 1U);
  EXPECT_EQ(made->spec.weight, 1.0);
  EXPECT_EQ(made->spec.output, "s1");
  EXPECT_EQ(made->status.state, "queued");
  EXPECT_EQ(made->status.submitted_at, "2026-01-01T00:00:00Z");
  EXPECT_EQ(made->status.output, (top / "out" / "s1").string());
}

TEST_F(session_intake_test, keeps_every_choice_that_a_job_makes) {
  auto asked = spec("2024/may");
  asked.batch_size = 7;
  asked.gpu_batch_size = 3;
  asked.precision = "bf16";
  asked.priority = 2;
  asked.weight = 2.5;
  asked.output = "albums/may";
  asked.dtype = "fp32";
  const auto made = accept(asked);
  ASSERT_TRUE(made) << made.error().cause;
  const auto config = session_intake(rules()).configure(*made);
  ASSERT_TRUE(config) << config.error().cause;
  EXPECT_EQ(config->session_id, "s1");
  EXPECT_EQ(config->directory, top / "photos/2024/may");
  EXPECT_EQ(config->directory_in_root, "2024/may");
  EXPECT_EQ(config->root, "photos");
  EXPECT_EQ(config->out, top / "out/albums/may");
  EXPECT_EQ(config->batch_size, 7U);
  EXPECT_EQ(config->gpu_batch_size, 3U);
  EXPECT_EQ(config->precision, "bf16");
  EXPECT_EQ(config->pool, "mock_bf16");
  EXPECT_EQ(config->priority, 2);
  EXPECT_EQ(config->dtype, "fp32");
  EXPECT_EQ(config->dim, 4U);
  EXPECT_EQ(config->space_id, "space");
  EXPECT_FALSE(config->takes_folders_id);
}

TEST_F(session_intake_test, a_root_itself_is_a_dot) {
  for (const auto* text : {".", "./", "2024/.."}) {
    const auto made = accept(spec(text));
    ASSERT_TRUE(made) << text << ": " << made.error().cause;
    EXPECT_EQ(made->spec.training_directory, ".") << text;
    const auto config = session_intake(rules()).configure(*made);
    ASSERT_TRUE(config);
    EXPECT_EQ(config->directory_in_root, "");
    EXPECT_TRUE(std::filesystem::equivalent(config->directory, top / "photos"));
  }
}

TEST_F(session_intake_test, one_directory_has_one_name) {
  for (const auto& text : {std::string("2024/may"), std::string("2024//./may/"),
                           std::string("2024/may/../may"), (top / "photos/2024/may").string()}) {
    const auto made = accept(spec(text));
    ASSERT_TRUE(made) << text << ": " << made.error().cause;
    EXPECT_EQ(made->spec.training_directory, "2024/may") << text;
  }
}

TEST_F(session_intake_test, an_absolute_directory_finds_the_innermost_root_that_holds_it) {
  auto nested = rules();
  nested.roots["a_whole_disk"] = top;
  nested.roots["year"] = top / "photos/2024";
  const session_intake intake(nested);
  const auto inner = intake.accept(spec((top / "photos/2024/may").string(), std::nullopt), "s1", "");
  ASSERT_TRUE(inner);
  EXPECT_EQ(inner->spec.root, "year");
  EXPECT_EQ(inner->spec.training_directory, "may");
  const auto outer = intake.accept(spec((top / "elsewhere").string(), std::nullopt), "s1", "");
  ASSERT_TRUE(outer);
  EXPECT_EQ(outer->spec.root, "a_whole_disk");
  const auto itself = intake.accept(spec((top / "photos/2024").string(), std::nullopt), "s1", "");
  ASSERT_TRUE(itself);
  EXPECT_EQ(itself->spec.root, "year");
  EXPECT_EQ(itself->spec.training_directory, ".");
}

TEST_F(session_intake_test, the_only_root_needs_no_name_and_one_of_several_does) {
  EXPECT_EQ(refusal(spec("2024", std::nullopt)), failure_kind::usage);
  auto single = rules();
  single.roots.erase("scans");
  const auto made = session_intake(single).accept(spec("2024", std::nullopt), "s1", "");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->spec.root, "photos");
}

TEST_F(session_intake_test, a_coordinator_without_the_root_says_how_to_give_it) {
  const auto made = accept(spec("2024", "tapes"));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, failure_kind::input_missing);
  EXPECT_NE(made.error().remedy.find("--root tapes="), std::string::npos);
  const session_intake intake(rules());
  EXPECT_TRUE(intake.has_root("scans"));
  EXPECT_FALSE(intake.has_root("tapes"));
  EXPECT_FALSE(intake.has_root(""));
}

TEST_F(session_intake_test, a_record_whose_folder_has_gone_cannot_be_configured) {
  const auto made = accept(spec("2024"));
  ASSERT_TRUE(made);
  std::filesystem::remove_all(top / "photos/2024");
  const auto config = session_intake(rules()).configure(*made);
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().kind, failure_kind::input_missing);
}

TEST_F(session_intake_test, an_unknown_model_is_refused_by_whoever_knows_models) {
  auto asked = spec("2024");
  asked.model = "clip";
  EXPECT_EQ(refusal(asked), failure_kind::model_missing);
}

} // namespace
} // namespace trainyard::testing
