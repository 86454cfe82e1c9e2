// Nothing that a client writes leads a coordinator out of its roots or into values that no session can have.
#include <cmath>

#include "tests/unit/host/intake_world.hpp"

namespace trainyard::testing {
namespace {

struct session_intake_hostile : intake_world {};
namespace fs = std::filesystem;

TEST_F(session_intake_hostile, a_directory_that_leads_out_of_its_root_is_refused) {
  EXPECT_EQ(refusal(spec("..")), failure_kind::asset_outside_root);
  EXPECT_EQ(refusal(spec("../elsewhere")), failure_kind::asset_outside_root);
  EXPECT_EQ(refusal(spec("2024/../../scans")), failure_kind::asset_outside_root);
  EXPECT_EQ(refusal(spec("/")), failure_kind::asset_outside_root);
  EXPECT_EQ(refusal(spec((top / "elsewhere").string())), failure_kind::asset_outside_root);
  EXPECT_EQ(refusal(spec((top / "elsewhere").string(), std::nullopt)), failure_kind::asset_outside_root);
  EXPECT_EQ(refusal(spec((top / "scans").string())), failure_kind::asset_outside_root); // of the named root
}

TEST_F(session_intake_hostile, a_root_that_only_begins_like_another_folder_does_not_hold_it) {
  fs::create_directories(top / "photos-private");
  EXPECT_EQ(refusal(spec((top / "photos-private").string(), std::nullopt)), failure_kind::asset_outside_root);
}

TEST_F(session_intake_hostile, a_link_out_of_the_root_is_refused_and_one_inside_is_resolved) {
  fs::create_directory_symlink(top / "elsewhere", top / "photos/out");
  fs::create_directory_symlink(top / "photos/2024/may", top / "photos/latest");
  fs::create_directory_symlink("loop", top / "photos/loop");
  EXPECT_EQ(refusal(spec("out")), failure_kind::asset_outside_root);
  EXPECT_EQ(refusal(spec("loop")), failure_kind::input_missing);
  const auto inside = accept(spec("latest"));
  ASSERT_TRUE(inside);
  EXPECT_EQ(inside->spec.training_directory, "2024/may");
}

TEST_F(session_intake_hostile, a_directory_that_is_none_is_missing) {
  dir.write("photos/file.jpg", "x");
  EXPECT_EQ(refusal(spec("not/there")), failure_kind::input_missing);
  EXPECT_EQ(refusal(spec("file.jpg")), failure_kind::input_missing);
  EXPECT_EQ(refusal(spec(std::string(5000, 'x'))), failure_kind::input_missing);
}

TEST_F(session_intake_hostile, empty_text_and_zero_bytes_are_refused) {
  EXPECT_EQ(refusal(spec("")), failure_kind::usage);
  EXPECT_EQ(refusal(spec(std::string("2024\0/x", 7))), failure_kind::usage);
  auto asked = spec("2024");
  asked.output = std::string("a\0b", 3);
  EXPECT_EQ(refusal(asked), failure_kind::usage);
}

TEST_F(session_intake_hostile, an_output_that_is_not_below_the_output_root_is_refused) {
  for (const auto* output : {"", ".", "..", "../photos", "a/../..", "/etc", "a/../../photos"}) {
    auto asked = spec("2024");
    asked.output = output;
    EXPECT_EQ(refusal(asked), failure_kind::usage) << output;
  }
  fs::create_directory_symlink(top / "photos", top / "out/link");
  for (const auto* output : {"link", "link/new", "link/2024"}) {
    auto asked = spec("2024");
    asked.output = output;
    EXPECT_EQ(refusal(asked), failure_kind::asset_outside_root) << output;
  }
}

TEST_F(session_intake_hostile, a_link_that_appears_after_the_submission_is_found_when_the_session_starts) {
  const auto made = accept(spec("2024"));
  ASSERT_TRUE(made);
  fs::create_directory_symlink(top / "photos", top / "out/s1");
  const auto config = session_intake(rules()).configure(*made);
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().kind, failure_kind::asset_outside_root);
}

TEST_F(session_intake_hostile, an_id_is_one_token) {
  for (const auto& id : {std::string(), std::string("a.b"), std::string("a b"), std::string("../x"),
                         std::string("*"), std::string(65, 'x'), std::string("a\0b", 3)})
    EXPECT_EQ(refusal(spec("2024"), id), failure_kind::usage) << id;
  EXPECT_TRUE(accept(spec("2024"), std::string(64, 'x')));
}

TEST_F(session_intake_hostile, numbers_out_of_range_are_refused_with_their_value) {
  const auto with = [&](auto member, auto value) {
    auto asked = spec("2024");
    asked.*member = value;
    const auto made = accept(asked);
    return made ? std::string("accepted") : code_of(made.error().kind) + " " + made.error().cause;
  };
  EXPECT_EQ(with(&session_spec::batch_size, 0U), "TY1001 batch_size is 0");
  EXPECT_EQ(with(&session_spec::batch_size, 1025U), "TY1001 batch_size is 1025");
  EXPECT_EQ(with(&session_spec::batch_size, 1024U), "accepted");
  EXPECT_EQ(with(&session_spec::batch_size, UINT64_MAX), "TY1001 batch_size is 18446744073709551615");
  EXPECT_EQ(with(&session_spec::gpu_batch_size, 0U), "TY1001 gpu_batch_size is 0");
  EXPECT_EQ(with(&session_spec::priority, 3U), "TY1001 priority is 3");
  for (const double weight : {0.0, -1.0, 0.001, 1001.0, std::nan(""), HUGE_VAL})
    EXPECT_EQ(with(&session_spec::weight, weight).substr(0, 16), "TY1001 weight is") << weight;
  EXPECT_EQ(with(&session_spec::precision, "int8"), "TY1001 precision is 'int8'");
  EXPECT_EQ(with(&session_spec::dtype, "bf16"), "TY1001 dtype is 'bf16'");
  EXPECT_EQ(with(&session_spec::schema, 2), "TY1601 schema is 2");
}

TEST_F(session_intake_hostile, an_output_root_that_has_gone_is_no_way_out) {
  auto broken = rules();
  fs::create_symlink("around", top / "around");
  broken.output_root = top / "around";
  auto asked = spec("2024");
  EXPECT_FALSE(session_intake(broken).accept(asked, "s1", ""));
}

} // namespace
} // namespace trainyard::testing
