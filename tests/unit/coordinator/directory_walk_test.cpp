// The listing is complete, ordered, and the same when it is taken up again anywhere.
#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/support/temp_dir.hpp"
#include "tests/unit/coordinator/listing.hpp"

namespace trainyard {
namespace {

using testing::assets_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::paths_of;
using testing::temp_dir;
using strings = std::vector<std::string>;

/// Names that sort around '/' and around each other, three levels deep.
void grow_tree(const temp_dir& root, unsigned seed) {
  std::mt19937 random(seed);
  const strings parts{"a", "a-", "a.b", "a b", "A", "b\n", "\xff\xfe", "ab", "0", "~", "a.jpg"};
  for (int i = 0; i < 150; ++i) {
    std::string path;
    for (auto depth = random() % 4; depth > 0; --depth)
      path += parts[random() % (parts.size() - 1)] + "/";
    path += parts[random() % parts.size()] + std::to_string(random() % 4) + (random() % 4 ? ".jpg" : ".txt");
    root.write(path, "x");
  }
}

TEST(directory_walk, puts_a_directorys_content_where_its_name_sorts) {
  const temp_dir root;
  for (const auto* path : {"a/z.jpg", "a-b.jpg", "a.jpg", "b.jpg", "A.jpg", "a/b/c.jpg", "a0/x.jpg"})
    root.write(path, "x");
  EXPECT_THAT(paths_of(root.path()),
              ElementsAre("A.jpg", "a/b/c.jpg", "a/z.jpg", "a-b.jpg", "a.jpg", "a0/x.jpg", "b.jpg"));
}

TEST(directory_walk, orders_as_path_before_and_lists_what_the_library_lists) {
  for (const unsigned seed : {1U, 2U, 3U}) {
    const temp_dir root;
    grow_tree(root, seed);
    strings expected;
    for (const auto& each : std::filesystem::recursive_directory_iterator(root.path()))
      if (each.is_regular_file() && each.path().extension() == ".jpg")
        expected.push_back(each.path().lexically_relative(root.path()).native());
    std::sort(expected.begin(), expected.end(), path_before);
    EXPECT_EQ(paths_of(root.path()), expected);
  }
}

TEST(directory_walk, resumed_at_every_point_lists_the_rest) {
  const temp_dir root;
  grow_tree(root, 4);
  const auto whole = paths_of(root.path());
  ASSERT_GT(whole.size(), 80U);
  for (std::size_t cut = 0; cut < whole.size(); ++cut)
    EXPECT_EQ(
        paths_of(root.path(),
                 {.resume_after = whole[cut], .exclude = {}, .names_in_memory = 3, .open_directories = 1}),
        strings(whole.begin() + static_cast<std::ptrdiff_t>(cut + 1), whole.end()))
        << cut;
}

TEST(directory_walk, resumes_between_entries_when_the_last_one_is_gone_or_has_changed_kind) {
  const temp_dir root;
  for (const auto* path : {"a.jpg", "c.jpg/inside.jpg", "d.jpg", "e"})
    root.write(path, "x");
  EXPECT_THAT(paths_of(root.path(), {.resume_after = "b.jpg"}), ElementsAre("c.jpg/inside.jpg", "d.jpg"));
  EXPECT_THAT(paths_of(root.path(), {.resume_after = "c.jpg"}), ElementsAre("c.jpg/inside.jpg", "d.jpg"));
  EXPECT_THAT(paths_of(root.path(), {.resume_after = "d.jpg/was/a/directory.jpg"}), IsEmpty());
  EXPECT_THAT(paths_of(root.path(), {.resume_after = "c.jpg/"}), ElementsAre("c.jpg/inside.jpg", "d.jpg"));
}

TEST(directory_walk, tells_size_and_time_as_the_file_has_them) {
  const temp_dir root;
  const auto file = root.write("a.jpg", "12345");
  struct timespec times[2] = {{1, 2}, {1'700'000'000, 123'456'000}};
  ASSERT_EQ(::utimensat(AT_FDCWD, file.c_str(), times, 0), 0);
  EXPECT_THAT(assets_of(root.path()), ElementsAre(listed_asset{"a.jpg", 5, 1'700'000'000'123'456'000}));
}

TEST(directory_walk, takes_images_of_any_name_by_their_first_bytes) {
  const temp_dir root;
  root.write("photo", "\xff\xd8\xff\xe0 and so on");
  root.write("empty", "");
  root.write("empty.jpg", "");
  root.write("notes.txt", "BM is a text");
  root.write("short", "\xff\xd8");
  auto walk = directory_walk::open(root.path());
  strings paths;
  for (auto next = walk->next(); next && *next; next = walk->next())
    paths.push_back((*next)->path);
  EXPECT_THAT(paths, ElementsAre("empty.jpg", "photo"));
  EXPECT_EQ(walk->ignored(), 3U);
}

TEST(directory_walk, passes_over_apple_doubles_and_its_own_folder_but_not_their_likes) {
  const temp_dir root;
  for (const auto* path :
       {"._a.jpg", ".trainyard/a.jpg", "x/.trainyard/b.jpg", "._d/c.jpg", ".hidden/d.jpg", ".e.jpg"})
    root.write(path, "x");
  EXPECT_THAT(paths_of(root.path()), ElementsAre("._d/c.jpg", ".e.jpg", ".hidden/d.jpg"));
}

TEST(directory_walk, does_not_enter_excluded_directories_whatever_they_are_called_by) {
  const temp_dir root;
  root.write("in/a.jpg", "x");
  root.write("out/b.jpg", "x");
  std::filesystem::create_directory_symlink(root.path() / "out", root.path() / "alias");
  walk_options options;
  options.exclude = {root.path() / "in" / ".." / "alias", root.path() / "missing"};
  EXPECT_THAT(paths_of(root.path(), options), ElementsAre("in/a.jpg"));
  options.exclude = {root.path()};
  EXPECT_THAT(paths_of(root.path(), options), ElementsAre("in/a.jpg", "out/b.jpg"));
}

TEST(directory_walk, takes_a_linked_root_and_says_where_it_led) {
  const temp_dir root;
  root.write("real/a.jpg", "x");
  std::filesystem::create_directory_symlink(root.path() / "real", root.path() / "link");
  EXPECT_THAT(paths_of(root.path() / "link"), ElementsAre("a.jpg"));
  EXPECT_EQ(directory_walk::open(root.path() / "link")->root(),
            std::filesystem::canonical(root.path() / "real"));
}

TEST(directory_walk, names_a_root_that_is_missing_or_no_directory) {
  const temp_dir root;
  root.write("file.jpg", "x");
  for (const auto* name : {"missing", "file.jpg", "file.jpg/below"}) {
    const auto walk = directory_walk::open(root.path() / name);
    ASSERT_FALSE(walk);
    EXPECT_EQ(walk.error().kind, failure_kind::input_missing);
    EXPECT_THAT(walk.error().cause, ::testing::HasSubstr(name));
    EXPECT_FALSE(walk.error().remedy.empty());
  }
  EXPECT_FALSE(directory_walk::open(""));
}

TEST(directory_walk, ends_at_once_in_an_empty_directory_and_stays_at_its_end) {
  const temp_dir root;
  auto walk = directory_walk::open(root.path());
  EXPECT_FALSE(walk->next()->has_value());
  EXPECT_FALSE(walk->next()->has_value());
}

} // namespace
} // namespace trainyard
