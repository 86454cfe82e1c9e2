// A folder keeps the identity it was made with.
#include "actors/coordinator/output/output_spec.hpp"

#include <functional>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"
#include "tests/unit/output/made_batches.hpp"

namespace trainyard {
namespace {

using testing::made_spec;

TEST(output_spec, the_same_spec_matches_and_the_first_session_id_stays) {
  testing::temp_dir dir;
  ASSERT_TRUE(write_or_match_spec(dir.path() / "spec.json", made_spec()));
  auto again = made_spec();
  for (const char* id : {"s2", ""}) {
    again.session_id = id;
    EXPECT_EQ(write_or_match_spec(dir.path() / "spec.json", again).value().session_id, "s1");
  }
}

TEST(output_spec, a_mismatch_names_the_first_field_with_both_values) {
  testing::temp_dir dir;
  const auto file = dir.path() / "out" / ".trainyard" / "spec.json";
  dir.write("out/.trainyard/lock", "");
  ASSERT_TRUE(write_or_match_spec(file, made_spec()));
  const std::vector<std::pair<std::vector<std::string>, std::function<void(output_spec&)>>> changes{
      {{"its directory is", "/other"}, [](auto& spec) { spec.directory = "/other", spec.dim = 9; }},
      {{"its space_id is", "\"00112233aabbccdd\"", "\"x\""}, [](auto& spec) { spec.space_id = "x"; }},
      {{"its dim is 3, this one's is 4"}, [](auto& spec) { spec.dim = 4; }},
      {{"its dtype is"}, [](auto& spec) { spec.dtype = "fp16"; }},
      {{"its batch_size is 4, this one's is 8"}, [](auto& spec) { spec.batch_size = 8; }},
      {{"its shard_rows is 5"}, [](auto& spec) { spec.shard_rows = 6; }},
      {{"its listing is \"abc\", this one's is \"abd\""}, [](auto& spec) { spec.more[0].second = "abd"; }},
      {{"its listing is \"abc\", this one's is not set"}, [](auto& spec) { spec.more.clear(); }},
      {{"its new is not set"}, [](auto& spec) { spec.more.emplace_back("new", "1"); }}};
  for (const auto& [texts, change] : changes) {
    auto spec = made_spec();
    change(spec);
    const auto matched = write_or_match_spec(file, spec);
    ASSERT_FALSE(matched) << texts[0];
    EXPECT_EQ(matched.error().kind, failure_kind::output_mismatch);
    for (const auto& text : texts)
      EXPECT_NE(matched.error().cause.find(text), std::string::npos) << matched.error().cause;
    EXPECT_NE(matched.error().cause.find((dir.path() / "out").string()), std::string::npos);
  }
}

TEST(output_spec, a_file_that_is_no_spec_is_output_corrupt) {
  testing::temp_dir dir;
  for (const char* text : {"", "{", "[]", "null", "{}", R"({"session_id": 1, "more": {}})",
                           R"({"session_id": "s1", "more": []})"}) {
    const auto file = dir.write("spec.json", text);
    EXPECT_EQ(write_or_match_spec(file, made_spec()).error().kind, failure_kind::output_corrupt) << text;
  }
}

TEST(output_spec, settings_that_make_no_folder_are_config_invalid) {
  const std::vector<std::function<void(output_spec&)>> spoils{[](auto& spec) { spec.dim = 0; },
                                                              [](auto& spec) { spec.dtype = "bf16"; },
                                                              [](auto& spec) { spec.shard_rows = 0; },
                                                              [](auto& spec) {
                                                                spec.more = {{"a", "1"}, {"a", "2"}};
                                                              }};
  for (const auto& spoil : spoils) {
    auto spec = made_spec();
    spoil(spec);
    EXPECT_EQ(check_spec(spec).error().kind, failure_kind::config_invalid);
  }
}

} // namespace
} // namespace trainyard
