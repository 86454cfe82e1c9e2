// Links, pipes, rights, odd names, great depth and width: nothing blocks, loops, or is lost silently.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/as_nobody.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/coordinator/listing.hpp"

namespace trainyard {
namespace {

using testing::as_nobody;
using testing::assets_of;
using ::testing::ElementsAre;
using testing::paths_of;
using testing::temp_dir;
namespace fs = std::filesystem;

TEST(directory_walk_hostile, follows_no_link_into_a_loop_or_outside) {
  const temp_dir root;
  const temp_dir outside;
  outside.write("secret.jpg", "x");
  root.write("d/a.jpg", "x");
  fs::create_directory_symlink("..", root.path() / "d" / "up");
  fs::create_directory_symlink(".", root.path() / "d" / "self");
  fs::create_directory_symlink(outside.path(), root.path() / "outside");
  EXPECT_THAT(paths_of(root.path()), ElementsAre("d/a.jpg"));
}

TEST(directory_walk_hostile, lists_links_named_as_images_with_their_targets_size) {
  const temp_dir root;
  root.write("a.jpg", "12345");
  fs::create_symlink("a.jpg", root.path() / "b.jpg");
  fs::create_symlink("nowhere", root.path() / "broken.jpg");
  fs::create_symlink("loop.jpg", root.path() / "loop.jpg");
  fs::create_directory_symlink(".", root.path() / "to_directory.jpg");
  fs::create_symlink("a.jpg", root.path() / "plain");
  const auto assets = assets_of(root.path());
  ASSERT_EQ(assets.size(), 5U);
  EXPECT_EQ(assets[1].path, "b.jpg");
  EXPECT_EQ(assets[1].bytes, 5U);
  EXPECT_EQ(assets[1].mtime_ns, assets[0].mtime_ns);
  EXPECT_EQ(assets[1].seen, sight::whole);
  EXPECT_EQ(assets[2].path, "broken.jpg");
  EXPECT_EQ(assets[2].seen, sight::partial);
  EXPECT_EQ(assets[3].path, "loop.jpg");
  EXPECT_EQ(assets[4].path, "to_directory.jpg");
}

TEST(directory_walk_hostile, lists_pipes_and_sockets_named_as_images_without_opening_them) {
  const temp_dir root;
  ASSERT_EQ(::mkfifo((root.path() / "pipe.jpg").c_str(), 0600), 0);
  ASSERT_EQ(::mkfifo((root.path() / "pipe").c_str(), 0600), 0);
  const owned_fd socket(::socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (root.path() / "socket.png").native().copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_THAT(assets_of(root.path()), ElementsAre(::testing::Field(&listed_asset::path, "pipe.jpg"),
                                                  ::testing::Field(&listed_asset::path, "socket.png")));
}

TEST(directory_walk_hostile, keeps_every_byte_of_odd_names) {
  const temp_dir root;
  const std::string longest = std::string(251, 'n') + ".jpg";
  const std::vector<std::string> names{
      "\x01.jpg",     "\\x0a.jpg", "a\nb.jpg",     "caf\xc3\xa9.jpg", "cafe\xcc\x81.jpg",
      "<script>.jpg", longest,     "\xff\xfe.jpg", " .jpg",           "-rf.jpg",
      "*.jpg"};
  for (const auto& name : names)
    root.write(name, "x");
  EXPECT_THAT(paths_of(root.path()), ::testing::UnorderedElementsAreArray(names));
}

TEST(directory_walk_hostile, lists_a_directory_that_cannot_be_read_as_itself) {
  const temp_dir root;
  for (const auto* path : {"closed/a.jpg", "no_search/b.jpg", "open/c.jpg", "closed.jpg"})
    root.write(path, "x");
  fs::permissions(root.path(), fs::perms(0755));
  fs::permissions(root.path() / "closed", fs::perms(0));
  fs::permissions(root.path() / "no_search", fs::perms(0444));
  {
    const as_nobody low;
    EXPECT_THAT(paths_of(root.path()), ElementsAre("closed/", "closed.jpg", "no_search/", "open/c.jpg"));
    EXPECT_THAT(paths_of(root.path(), {.resume_after = "closed/"}),
                ElementsAre("closed.jpg", "no_search/", "open/c.jpg"));
    const auto walk = directory_walk::open(root.path() / "closed");
    ASSERT_FALSE(walk);
    EXPECT_EQ(walk.error().kind, failure_kind::input_missing);
    EXPECT_FALSE(directory_walk::open(root.path() / "no_search"));
  }
  fs::permissions(root.path() / "closed", fs::perms(0755));
  fs::permissions(root.path() / "no_search", fs::perms(0755));
}

TEST(directory_walk_hostile, tells_what_the_system_says_nothing_of_from_what_is_gone) {
  const temp_dir root;
  for (const auto* path : {"d/a.jpg", "d/b.jpg", "d/c"})
    root.write(path, "x");
  fs::permissions(root.path(), fs::perms(0755));
  fs::permissions(root.path() / "d", fs::perms(0755));
  std::vector<listed_asset> found;
  const auto take_one = [&](directory_walk& walk) {
    const as_nobody low;
    if (auto next = walk.next(); next && *next)
      found.push_back(std::move(**next));
  };
  auto walk = directory_walk::open(root.path());
  take_one(*walk);
  fs::permissions(root.path() / "d",
                  fs::perms(0444)); // its names are known by now, and can be looked at no more
  take_one(*walk);
  fs::permissions(root.path() / "d", fs::perms(0755));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].seen, sight::whole);
  EXPECT_EQ(found[1].path, "d/b.jpg");
  EXPECT_EQ(found[1].seen, sight::partial);
}

TEST(directory_walk_hostile, an_unnamed_image_that_cannot_be_opened_is_listed_only_for_whoever_knows_it) {
  const temp_dir root;
  root.write("plain", "\xff\xd8\xff\xe0 and so on");
  fs::permissions(root.path(), fs::perms(0755));
  fs::permissions(root.path() / "plain", fs::perms(0));
  const as_nobody low;
  EXPECT_THAT(paths_of(root.path()), ElementsAre());
  const auto told = assets_of(root.path(), {.tell_doubtful = true});
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].seen, sight::doubtful);
}

TEST(directory_walk_hostile, reads_great_depth_with_few_descriptors) {
  const temp_dir root;
  std::string path;
  for (int depth = 0; depth < 150; ++depth) {
    path += "d/";
    root.write(path + "x.jpg", "x");
  }
  const auto whole = paths_of(root.path());
  EXPECT_EQ(whole.size(), 150U);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit low{64, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_EQ(paths_of(root.path()), whole);
  EXPECT_EQ(paths_of(root.path(), {.open_directories = 1}), whole);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST(directory_walk_hostile, shows_where_a_path_grows_too_long) {
  const temp_dir root;
  const std::string part(250, 'd');
  owned_fd at(::open(root.path().c_str(), O_RDONLY | O_DIRECTORY));
  for (int depth = 0; depth < 20; ++depth) { // 5,000 bytes: no call could take such a path at once
    ASSERT_EQ(::mkdirat(at.get(), part.c_str(), 0755), 0);
    at = owned_fd(::openat(at.get(), part.c_str(), O_RDONLY | O_DIRECTORY));
    ASSERT_TRUE(at);
    const owned_fd file(::openat(at.get(), "x.jpg", O_CREAT | O_WRONLY, 0600));
    ASSERT_TRUE(file);
  }
  const auto paths = paths_of(root.path());
  ASSERT_EQ(paths.size(), 17U); // 16 whole ones, and the first directory beyond
  EXPECT_EQ(paths[0].size(), 251U * 17U);
  EXPECT_EQ(paths[0].back(), '/');
}

TEST(directory_walk_hostile, leaves_out_what_vanishes_while_it_walks) {
  const temp_dir root;
  for (const auto* path : {"a.jpg", "b/x.jpg", "c.jpg", "d/x.jpg", "e.jpg"})
    root.write(path, "x");
  auto walk = directory_walk::open(root.path(), {.open_directories = 1});
  EXPECT_EQ((*walk->next())->path, "a.jpg");
  fs::remove_all(root.path() / "b");
  fs::remove(root.path() / "c.jpg");
  EXPECT_EQ((*walk->next())->path, "d/x.jpg");
  fs::remove_all(root.path() / "d");
  EXPECT_EQ((*walk->next())->path, "e.jpg");
  EXPECT_FALSE(walk->next()->has_value());
}

TEST(directory_walk_hostile, says_when_descriptors_run_out_instead_of_losing_files) {
  const temp_dir root;
  root.write("d/x.jpg", "x");
  auto walk = directory_walk::open(root.path());
  ASSERT_TRUE(walk);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{3, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto next = walk->next();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_FALSE(next);
  EXPECT_THAT(next.error().cause, ::testing::HasSubstr("d"));
  EXPECT_THAT(paths_of(root.path()), ElementsAre("d/x.jpg"));
}

TEST(directory_walk_hostile, lists_twenty_thousand_files_through_a_small_window) {
  const temp_dir root;
  const owned_fd at(::open(root.path().c_str(), O_RDONLY | O_DIRECTORY));
  for (int i = 0; i < 20'000; ++i)
    ASSERT_TRUE(owned_fd(::openat(at.get(), (std::to_string(i) + ".jpg").c_str(), O_CREAT | O_WRONLY, 0600)));
  const auto paths = paths_of(root.path(), {.names_in_memory = 1'000});
  EXPECT_EQ(paths.size(), 20'000U);
  EXPECT_TRUE(std::is_sorted(paths.begin(), paths.end(), path_before));
  EXPECT_EQ(std::adjacent_find(paths.begin(), paths.end()), paths.end());
  EXPECT_EQ(paths_of(root.path()), paths);
}

} // namespace
} // namespace trainyard
