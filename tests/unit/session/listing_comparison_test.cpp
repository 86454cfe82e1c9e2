// New, changed, touched and vanished files are told apart by one pass over both listings.
#include "actors/coordinator/listing_comparison.hpp"

#include <map>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

using enum difference;
using outcome = std::map<std::string, difference>;

manifest_reader manifest_of(const testing::temp_dir& dir, const std::vector<listed_asset>& items) {
  const auto file = dir.path() / "manifest";
  auto writer = manifest_writer::open(file).value();
  for (const auto& item : items)
    EXPECT_TRUE(writer.append(item));
  EXPECT_TRUE(writer.seal());
  return manifest_reader::open(file).value();
}

outcome compare(const std::vector<listed_asset>& before, const std::vector<listed_asset>& now,
                comparison_rules rules = {}) {
  const testing::temp_dir dir;
  listing_comparison comparison(live_listing::of_first_generation(manifest_of(dir, before)),
                                std::move(rules));
  outcome steps;
  std::size_t given = 0;
  for (;;) {
    if (comparison.wants_entry()) {
      comparison.give(given < now.size() ? std::optional(now[given]) : std::nullopt);
      ++given;
    }
    const auto step = comparison.next().value();
    if (!step && !comparison.wants_entry())
      return steps;
    if (step) {
      EXPECT_TRUE(
          steps.emplace(step->what == added ? step->now.path : step->before.asset.path, step->what).second);
    }
  }
}

std::uint64_t count(const outcome& steps, difference what) {
  return static_cast<std::uint64_t>(std::ranges::count(steps, what, &outcome::value_type::second));
}

TEST(listing_comparison, finds_nothing_where_nothing_changed) {
  const std::vector<listed_asset> items{{"a", 1, 1}, {"b/c", 2, 2}, {"d", 3, 3}};
  EXPECT_EQ(compare(items, items), (outcome{{"a", none}, {"b/c", none}, {"d", none}}));
}

TEST(listing_comparison, tells_new_changed_touched_and_vanished_apart) {
  const auto steps = compare({{"a", 1, 1}, {"b", 2, 2}, {"d", 3, 3}, {"z", 9, 9}},
                             {{"a", 1, 1}, {"b", 2, 5}, {"c", 3, 3}, {"d", 4, 3}});
  EXPECT_EQ(steps, (outcome{{"a", none}, {"b", same_size}, {"c", added}, {"d", changed}, {"z", vanished}}));
}

TEST(listing_comparison, prunes_only_where_it_is_asked_for) {
  EXPECT_EQ(compare({{"a", 1, 1}, {"b", 1, 1}}, {{"a", 1, 1}}, {.prune = true}),
            (outcome{{"a", none}, {"b", pruned}}));
}

TEST(listing_comparison, what_failed_before_is_retried_when_asked_and_never_compared_by_content) {
  const auto bad = [](const std::string& path) { return path.starts_with("bad"); };
  const std::vector<listed_asset> before{{"bad1", 1, 1}, {"bad2", 1, 1}, {"good", 1, 1}};
  const std::vector<listed_asset> now{{"bad1", 1, 1}, {"bad2", 1, 2}, {"good", 1, 1}};
  EXPECT_EQ(compare(before, now, {.has_failed = bad}),
            (outcome{{"bad1", none}, {"bad2", changed}, {"good", none}}));
  EXPECT_EQ(compare(before, now, {.retry_failed = true, .has_failed = bad}),
            (outcome{{"bad1", retry}, {"bad2", changed}, {"good", none}}));
}

TEST(listing_comparison, what_stands_below_a_directory_that_cannot_be_read_now_is_kept) {
  const std::vector<listed_asset> before{
      {"a/1", 1, 1}, {"a/b/2", 1, 1}, {"c/3", 1, 1}, {"d/4", 1, 1}, {"e", 1, 1}};
  const std::vector<listed_asset> now{{"a/", 0, 1}, {"a/b/", 0, 1}, {"c/", 0, 1}};
  EXPECT_EQ(compare(before, now, {.prune = true}), (outcome{{"a/", added},
                                                            {"a/1", none},
                                                            {"a/b/", added},
                                                            {"a/b/2", none},
                                                            {"c/", added},
                                                            {"c/3", none},
                                                            {"d/4", pruned},
                                                            {"e", pruned}}));
}

TEST(listing_comparison, what_cannot_be_looked_at_just_now_keeps_its_row) {
  using enum sight;
  const std::vector<listed_asset> before{{"a.jpg", 5, 1}, {"b", 5, 1}, {"c.jpg", 0, 3}, {"d/1.jpg", 1, 1}};
  const std::vector<listed_asset> now{
      {"a.jpg", 0, 0, partial}, {"b", 5, 2, doubtful}, {"c.jpg", 0, 3, partial}, {"d", 0, 0, partial}};
  EXPECT_EQ(compare(before, now, {.prune = true}),
            (outcome{{"a.jpg", none}, {"b", none}, {"c.jpg", none}, {"d/1.jpg", none}}));
  const auto bad = [](const std::string& path) { return path == "c.jpg"; };
  EXPECT_EQ(compare(before, now, {.retry_failed = true, .has_failed = bad})["c.jpg"], retry)
      << "a link that was broken before is tried again when that is asked for";
}

TEST(listing_comparison, what_cannot_be_looked_at_and_was_not_there_is_shown_where_it_may_be_an_image) {
  EXPECT_EQ(
      compare({{"b", 1, 1}}, {{"a.jpg", 0, 0, sight::partial}, {"b", 1, 1}, {"c", 9, 9, sight::doubtful}}),
      (outcome{{"a.jpg", added}, {"b", none}}));
}

TEST(listing_comparison, a_directory_that_can_be_read_again_leaves_the_failures_without_being_asked) {
  EXPECT_EQ(compare({{"a/", 0, 1}, {"b", 1, 1}}, {{"a/1", 1, 1}, {"b", 1, 1}}),
            (outcome{{"a/", pruned}, {"a/1", added}, {"b", none}}));
}

TEST(listing_comparison, counts_right_over_many_blocks) {
  std::vector<listed_asset> before;
  std::vector<listed_asset> now;
  std::uint64_t news = 0, other = 0, gone = 0;
  for (int i = 0; i < 3000; ++i) {
    const auto name = std::to_string(100'000 + i);
    if (i % 3 != 0)
      before.push_back({name, 1, 1});
    if (i % 5 != 0)
      now.push_back({name, i % 7 == 0 ? 2U : 1U, 1});
    news += i % 3 == 0 && i % 5 != 0;
    gone += i % 3 != 0 && i % 5 == 0;
    other += i % 3 != 0 && i % 5 != 0 && i % 7 == 0;
  }
  const auto steps = compare(before, now);
  EXPECT_EQ(count(steps, added), news);
  EXPECT_EQ(count(steps, changed), other);
  EXPECT_EQ(count(steps, vanished), gone);
}

TEST(listing_comparison, an_empty_directory_has_lost_everything) {
  EXPECT_EQ(compare({{"a", 1, 1}}, {}), (outcome{{"a", vanished}}));
}

} // namespace
} // namespace trainyard
