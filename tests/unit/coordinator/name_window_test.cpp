// A directory's names come once each and in order, whatever fits in memory.
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>

#include "actors/coordinator/name_window.hpp"
#include "actors/disk/owned_fd.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

std::vector<std::string> all_of(name_window window, int fd) {
  std::vector<std::string> names;
  for (auto name = window.next(fd); name && *name; name = window.next(fd))
    names.emplace_back(**name);
  return names;
}

TEST(name_window, gives_the_same_names_whatever_its_capacity) {
  const testing::temp_dir directory;
  std::mt19937 random(7);
  std::vector<std::string> expected;
  for (int i = 0; i < 300; ++i)
    expected.push_back("n" + std::to_string(random()));
  expected.push_back("\xff");
  expected.push_back("\x01");
  for (const auto& name : expected)
    directory.write(name, "");
  std::sort(expected.begin(), expected.end());
  const owned_fd fd(::open(directory.path().c_str(), O_RDONLY | O_DIRECTORY));
  for (const std::size_t capacity : {0, 1, 2, 3, 7, 100, 151, 302, 10'000})
    EXPECT_EQ(all_of(name_window(capacity), fd.get()), expected) << capacity;
}

TEST(name_window, begins_at_the_name_it_is_given_for_every_name) {
  const testing::temp_dir directory;
  std::vector<std::string> names{"a", "a-", "b", "ba", "c"};
  for (const auto& name : names)
    directory.write(name, "");
  const owned_fd fd(::open(directory.path().c_str(), O_RDONLY | O_DIRECTORY));
  for (std::size_t i = 0; i < names.size(); ++i)
    EXPECT_EQ(all_of(name_window(2, names[i]), fd.get()),
              std::vector<std::string>(names.begin() + static_cast<std::ptrdiff_t>(i), names.end()));
  EXPECT_EQ(all_of(name_window(2, "aa"), fd.get()), (std::vector<std::string>{"b", "ba", "c"}));
  EXPECT_TRUE(all_of(name_window(2, "d"), fd.get()).empty());
}

TEST(name_window, stays_at_the_end_once_there) {
  const testing::temp_dir directory;
  const owned_fd fd(::open(directory.path().c_str(), O_RDONLY | O_DIRECTORY));
  name_window window(4);
  EXPECT_FALSE(window.next(fd.get())->has_value());
  directory.write("late", "");
  EXPECT_FALSE(window.next(fd.get())->has_value());
}

} // namespace
} // namespace trainyard
