// A file is whole under its name, or what stood there before.
#include "actors/export/growing_file.hpp"

#include <gtest/gtest.h>

#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

TEST(growing_file, appears_whole_and_in_the_place_of_an_older_one) {
  const testing::temp_dir dir;
  const auto file = dir.write("x", "old");
  auto growing = growing_file::create(file);
  ASSERT_TRUE(growing);
  std::string wanted;
  for (int i = 0; i < 200'000; ++i) {
    const auto piece = std::to_string(i) + " ";
    ASSERT_TRUE(growing->append(piece));
    wanted += piece;
  }
  EXPECT_EQ(testing::content_of(file), "old");
  ASSERT_TRUE(growing->finish());
  EXPECT_EQ(testing::content_of(file), wanted);
}

TEST(growing_file, that_is_never_finished_leaves_the_older_one) {
  const testing::temp_dir dir;
  const auto file = dir.write("x", "old");
  {
    auto growing = growing_file::create(file);
    ASSERT_TRUE(growing && growing->append("new"));
  }
  EXPECT_EQ(testing::content_of(file), "old");
}

} // namespace
} // namespace trainyard
