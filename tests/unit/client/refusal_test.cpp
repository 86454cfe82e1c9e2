// What a coordinator refuses, as a failure of its own code.
#include <gtest/gtest.h>

#include "nodes/client/api_client.hpp"

namespace trainyard {
namespace {

std::optional<failure> refusal(const char* text) {
  return refusal_in(nlohmann::json::parse(text));
}

TEST(refusal, keeps_code_message_and_remedy) {
  const auto is =
      refusal(R"({"schema":1,"error":{"code":"TY1602","message":"no session x","remedy":"list"}})");
  ASSERT_TRUE(is);
  EXPECT_EQ(is->kind, failure_kind::session_unknown);
  EXPECT_EQ(is->cause, "no session x");
  EXPECT_EQ(is->remedy, "list");
  EXPECT_EQ(exit_status_of(is->kind), 66);
}

TEST(refusal, of_a_newer_coordinator_keeps_its_code) {
  const auto is = refusal(R"({"error":{"code":"TY1699","message":"m"}})");
  ASSERT_TRUE(is);
  EXPECT_EQ(code_of(is->kind), "TY1699");
  EXPECT_EQ(exit_status_of(is->kind), 1);
}

TEST(refusal, of_another_shape_is_a_broken_protocol) {
  for (const auto* text : {R"({"error":{}})", R"({"error":{"code":5,"message":[],"remedy":{}}})",
                           R"({"error":{"code":"404","message":"x"}})"}) {
    const auto is = refusal(text);
    ASSERT_TRUE(is) << text;
    EXPECT_EQ(is->kind, failure_kind::nats_protocol) << text;
    EXPECT_FALSE(is->cause.empty()) << text;
  }
}

TEST(refusal, is_none_without_an_error_object) {
  for (const auto* text : {"{}", R"({"error":null})", R"({"error":"x"})", R"({"state":"failed"})"})
    EXPECT_FALSE(refusal(text)) << text;
}

} // namespace
} // namespace trainyard
