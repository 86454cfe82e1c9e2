// What may be opened beneath a root, with and without the kernel's help: one test body, both ways.
#include "actors/device/image/root_directory.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>

#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;

class root_directory_test : public ::testing::TestWithParam<path_resolution> {
protected:
  root_directory_test() {
    fs::create_directory(root_path());
    folder_.write("outside.jpg", "secret");
    folder_.write("root/a/b/photo.jpg", "photo");
  }
  [[nodiscard]] fs::path root_path() const { return folder_.path() / "root"; }
  void link(const std::string& name, const fs::path& target) const {
    fs::create_symlink(target, root_path() / name);
  }
  [[nodiscard]] root_directory root() const {
    return std::move(*root_directory::open(root_path(), GetParam()));
  }
  [[nodiscard]] std::string content(const std::string& path) const {
    const auto file = root().open_file(path);
    if (!file)
      return code_of(file.error().kind) + " " + file.error().cause;
    std::string text(64, '\0');
    text.resize(static_cast<std::size_t>(::read(file->get(), text.data(), text.size())));
    return text;
  }
  [[nodiscard]] failure_kind kind(const std::string& path) const {
    const auto file = root().open_file(path);
    return file ? failure_kind::internal : file.error().kind;
  }

  testing::temp_dir folder_;
};

TEST_P(root_directory_test, opens_files_below) {
  EXPECT_EQ(content("a/b/photo.jpg"), "photo");
  EXPECT_EQ(content("./a//b/../b/./photo.jpg"), "photo");
}

TEST_P(root_directory_test, refuses_every_way_out) {
  link("out", "../outside.jpg");
  link("up", "..");
  link("a/deep_up", "../../outside.jpg");
  link("absolute", folder_.path() / "outside.jpg");
  link("absolute_inside", root_path() / "a/b/photo.jpg");
  link("chain", "out");
  for (const char* path :
       {"../outside.jpg", "a/../../outside.jpg", "..", "out", "up/outside.jpg", "a/deep_up", "absolute",
        "absolute_inside", "chain", "/etc/passwd", "a/b/../../../root/a/b/photo.jpg"})
    EXPECT_EQ(kind(path), failure_kind::asset_outside_root) << path;
}

TEST_P(root_directory_test, follows_symlinks_that_stay_inside) {
  link("short", "a/b/photo.jpg");
  link("a/back", "../a/b");
  link("a/dots", "./b/../b//photo.jpg");
  fs::create_hard_link(root_path() / "a/b/photo.jpg", root_path() / "hard.jpg");
  for (const char* path : {"short", "a/back/photo.jpg", "a/dots", "hard.jpg"})
    EXPECT_EQ(content(path), "photo") << path;
}

TEST_P(root_directory_test, gives_up_on_loops_and_on_more_than_40_symlinks) {
  link("loop", "loop");
  link("ping", "pong");
  link("pong", "ping");
  for (int i = 0; i < 60; ++i)
    link("l" + std::to_string(i), i == 0 ? "a/b/photo.jpg" : "l" + std::to_string(i - 1));
  EXPECT_EQ(content("l39"), "photo");
  for (const char* path : {"loop", "ping", "l45", "l59"})
    EXPECT_EQ(kind(path), failure_kind::asset_outside_root) << path;
}

TEST_P(root_directory_test, opens_regular_files_only_and_never_waits) {
  ASSERT_EQ(::mkfifo((root_path() / "fifo").c_str(), 0600), 0);
  link("fifo_link", "fifo");
  const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::snprintf(address.sun_path, sizeof address.sun_path, "%s", (root_path() / "socket").c_str());
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  for (const char* path : {"fifo", "fifo_link", "socket", "a", "a/b", ".", "a/."})
    EXPECT_EQ(kind(path), failure_kind::asset_not_a_file) << path;
  ::close(listener);
}

TEST_P(root_directory_test, names_what_is_missing_or_cannot_be_a_name) {
  link("dangling", "nowhere");
  for (const char* path : {"x.jpg", "a/x/y.jpg", "dangling", "a/b/photo.jpg/more", ""})
    EXPECT_EQ(kind(path), failure_kind::asset_missing) << path;
  EXPECT_EQ(kind(std::string("a/b/photo.jpg\0.png", 18)), failure_kind::asset_missing);
  EXPECT_EQ(kind("a/unreadable/"), failure_kind::asset_denied);
  EXPECT_EQ(kind(std::string(300, 'n')), failure_kind::asset_io);
  std::string long_path;
  while (long_path.size() < 5000)
    long_path += "./";
  EXPECT_EQ(kind(long_path + "a/b/photo.jpg"), failure_kind::asset_io);
}

TEST_P(root_directory_test, opens_names_of_any_bytes_and_prints_them_safely) {
  const std::string odd[] = {"new\nline",           "<script>", "\xff\xfe not utf8",
                             std::string(255, 'x'), "\x1b[31m", "-rf"};
  for (const auto& name : odd) {
    folder_.write(fs::path("root") / name, "odd");
    EXPECT_EQ(content(name), "odd");
    const auto missing = root().open_file("no/" + name);
    ASSERT_FALSE(missing);
    for (const char byte : missing.error().cause)
      EXPECT_TRUE(byte >= 0x20 && byte < 0x7f);
  }
}

TEST_P(root_directory_test, says_denied_for_what_this_user_may_not_read) {
  const root_directory opened = root();
  ::chmod((root_path() / "a/b/photo.jpg").c_str(), 0);
  folder_.write("root/closed/photo.jpg", "photo");
  ::chmod((root_path() / "closed").c_str(), 0);
  const bool is_root = ::geteuid() == 0;
  ASSERT_TRUE(!is_root || ::seteuid(65534) == 0); // root may read everything
  const auto file = opened.open_file("a/b/photo.jpg");
  const auto below = opened.open_file("closed/photo.jpg");
  ASSERT_TRUE(!is_root || ::seteuid(0) == 0);
  ::chmod((root_path() / "closed").c_str(), 0700);
  ASSERT_TRUE(!file && !below);
  EXPECT_EQ(file.error().kind, failure_kind::asset_denied);
  EXPECT_EQ(below.error().kind, failure_kind::asset_denied);
}

TEST_P(root_directory_test, never_gets_out_while_a_folder_is_swapped_for_a_symlink) {
  folder_.write("a_outside/b/photo.jpg", "secret");
  link("swap", "../a_outside");
  const root_directory opened = root();
  std::jthread swapper([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      ::rename((root_path() / "a").c_str(), (root_path() / "kept").c_str());
      ::rename((root_path() / "swap").c_str(), (root_path() / "a").c_str());
      ::rename((root_path() / "a").c_str(), (root_path() / "swap").c_str());
      ::rename((root_path() / "kept").c_str(), (root_path() / "a").c_str());
    }
  });
  for (int i = 0; i < 20'000; ++i) {
    const auto file = opened.open_file("a/b/photo.jpg");
    char text[6] = {};
    ASSERT_TRUE(!file || ::read(file->get(), text, 6) == 5) << "read the secret";
  }
}

TEST_P(root_directory_test, an_image_that_meets_the_limit_of_open_files_is_not_at_fault) {
  folder_.write("root/photo.jpg", "x");
  const root_directory opened = root();
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{3, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto file = opened.open_file("photo.jpg");
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().kind, failure_kind::system_limit);
  EXPECT_TRUE(opened.open_file("photo.jpg"));
}

INSTANTIATE_TEST_SUITE_P(both_ways, root_directory_test,
                         ::testing::Values(path_resolution::kernel_first, path_resolution::walk),
                         [](const auto& way) {
                           return way.param == path_resolution::walk ? "walk" : "kernel_first";
                         });

TEST(root_directory, is_an_input_that_is_missing_when_it_cannot_be_opened) {
  const auto root = root_directory::open("/no/such/folder");
  ASSERT_FALSE(root);
  EXPECT_EQ(root.error().kind, failure_kind::input_missing);
  EXPECT_NE(root.error().cause.find("/no/such/folder"), std::string::npos);
}

} // namespace
} // namespace trainyard
