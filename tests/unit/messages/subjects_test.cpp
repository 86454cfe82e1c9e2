// Subjects match the published contract and never carry a wildcard from outside.
#include "messages/subjects.hpp"

#include <gtest/gtest.h>

#include "messages/subject_tokens.hpp"

namespace trainyard {
namespace {

TEST(subjects, match_the_published_contract) {
  const subjects names;
  EXPECT_EQ(names.work("effnet_fp32", 1, "s1", 42), "trainyard.work.effnet_fp32.1.s1.42");
  EXPECT_EQ(names.results("s1", 42), "trainyard.results.s1.42");
  EXPECT_EQ(names.session_events("s1"), "trainyard.events.session.s1");
  EXPECT_EQ(names.work_stream(), "TRAINYARD_WORK");
  EXPECT_EQ(names.results_consumer("s1", 3), "s1_e3");
}

TEST(subjects, a_token_has_no_dot_wildcard_space_or_more_than_64_characters) {
  EXPECT_TRUE(is_token("run-1_A"));
  for (auto bad : {"", "a.b", "*", ">", "a b", "a\n"})
    EXPECT_FALSE(is_token(bad)) << bad;
  EXPECT_FALSE(is_token(std::string(65, 'a')));
}

TEST(subjects, any_text_can_be_made_a_token) {
  EXPECT_EQ(as_token("my mac.local"), "my-mac-local");
  EXPECT_TRUE(is_token(as_token(std::string(300, '>'))));
  EXPECT_TRUE(is_token(as_token("")));
}

TEST(subjects, what_stands_behind_the_last_dot_is_the_last_token) {
  EXPECT_EQ(last_token(subjects().job("s1")), "s1");
  EXPECT_EQ(last_token("s1"), "s1");
  EXPECT_EQ(last_token("trainyard.jobs."), "");
}

TEST(subjects, a_pool_is_one_token_whatever_the_model_is_called) {
  EXPECT_EQ(pool_of("efficientnet-lite0", "fp32"), "efficientnet-lite0_fp32");
  EXPECT_TRUE(is_token(pool_of("my model.v2", "bf16")));
}

} // namespace
} // namespace trainyard
