// A result that is not whole, or not of this space, never becomes rows.
#include "actors/coordinator/output/result_check.hpp"

#include <functional>

#include <gtest/gtest.h>

#include "tests/unit/output/made_batches.hpp"

namespace trainyard {
namespace {

using testing::made_spec;
using testing::make_batch;

TEST(result_check, takes_whole_results_with_and_without_failures) {
  const auto spec = made_spec();
  for (const auto& fails : std::vector<std::vector<std::uint32_t>>{{}, {0}, {1, 3}, {0, 1, 2, 3}}) {
    const auto made = make_batch(spec, 0, fails);
    EXPECT_TRUE(check_result(spec, made.assets, made.done));
  }
  EXPECT_TRUE(check_result(spec, {}, [&] {
    auto empty = make_batch(spec, 0).done;
    empty.embedded.clear();
    empty.vectors.bytes.clear();
    return empty;
  }()));
}

TEST(result_check, names_what_is_wrong) {
  const auto spec = made_spec();
  const std::vector<std::pair<std::string, std::function<void(batch_result&)>>> wrongs{
      {"space_id", [](auto& done) { done.space_id = "other"; }},
      {"dtype", [](auto& done) { done.dtype = "fp16"; }},
      {"dim", [](auto& done) { done.dim = 4; }},
      {"asset 3", [](auto& done) { done.embedded.pop_back(); }},
      {"asset 2", [](auto& done) { done.embedded[2].position = 1; }},
      {"asset 0", [](auto& done) { std::swap(done.embedded[0], done.embedded[1]); }},
      {"asset 3", [](auto& done) { done.embedded[3].position = 4; }},
      {"asset 3", [](auto& done) { done.embedded[3].position = 0xFFFFFFFF; }},
      {"embedded and failed",
       [](auto& done) {
         done.failed.push_back({2, 2102, "x"});
       }},
      {"more positions",
       [](auto& done) {
         done.failed.push_back({4, 2102, "x"});
       }},
      {"more positions", [](auto& done) { done.embedded.push_back(done.embedded.back()); }},
      {"bytes of vectors", [](auto& done) { done.vectors.bytes.pop_back(); }},
      {"bytes of vectors", [](auto& done) { done.vectors.bytes.clear(); }},
      {"sha256", [](auto& done) { done.embedded[1].sha256.bytes.resize(31); }},
      {"sha256", [](auto& done) { done.embedded[1].sha256.bytes.clear(); }},
      {"out of range", [](auto& done) { done.embedded[1].width = 0x80000000; }},
      {"out of range", [](auto& done) { done.embedded[1].bytes = ~std::uint64_t{0}; }}};
  for (const auto& [text, spoil] : wrongs) {
    auto made = make_batch(spec, 0);
    spoil(made.done);
    const auto checked = check_result(spec, made.assets, made.done);
    ASSERT_FALSE(checked) << text;
    EXPECT_EQ(checked.error().kind, failure_kind::message_invalid);
    EXPECT_NE(checked.error().cause.find(text), std::string::npos) << checked.error().cause;
  }
}

TEST(result_check, refuses_failure_kinds_that_make_no_code) {
  const auto spec = made_spec();
  for (const std::uint32_t kind : {0U, 999U, 10'000U, 0x10000U + 2102U}) {
    auto made = make_batch(spec, 0, {1});
    made.done.failed[0].kind = kind;
    EXPECT_FALSE(check_result(spec, made.assets, made.done)) << kind;
  }
}

TEST(result_check, refuses_values_that_are_not_finite_in_both_dtypes) {
  auto spec = made_spec();
  auto made = make_batch(spec, 0);
  made.done.vectors.bytes[4 * 4 + 3] = std::byte{0x7F}; // row 1, value 1
  made.done.vectors.bytes[4 * 4 + 2] = std::byte{0x80}; // infinity or a NaN
  EXPECT_NE(check_result(spec, made.assets, made.done).error().cause.find("value 1 of row 1"),
            std::string::npos);
  spec.dtype = "fp16";
  for (const unsigned high : {0x7CU, 0xFCU, 0x7EU}) {
    made = make_batch(spec, 0);
    EXPECT_TRUE(check_result(spec, made.assets, made.done));
    made.done.vectors.bytes.back() = std::byte(high);
    EXPECT_FALSE(check_result(spec, made.assets, made.done)) << high;
  }
}

} // namespace
} // namespace trainyard
