// Files hold what was written, and failures of the disk carry the right kind.
#include "actors/disk/durable_file.hpp"

#include <cerrno>
#include <fstream>

#include <gtest/gtest.h>

#include "actors/disk/sha256.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;

TEST(durable_file, replace_leaves_the_new_content_and_no_temporary_file) {
  testing::temp_dir dir;
  const auto file = dir.write("a.json", "old and longer");
  ASSERT_TRUE(replace_file(file, "new"));
  EXPECT_EQ(read_file(file).value(), "new");
  EXPECT_FALSE(fs::exists(temporary_of(file)));
}

TEST(durable_file, create_fresh_does_not_write_through_a_link_that_lies_there) {
  testing::temp_dir dir;
  const auto victim = dir.write("victim", "keep");
  fs::create_symlink(victim, dir.path() / "link");
  auto fresh = durable_file::create_fresh(dir.path() / "link");
  ASSERT_TRUE(fresh);
  ASSERT_TRUE(fresh->write_all_at(0, "overwritten"));
  EXPECT_EQ(read_file(victim).value(), "keep");
}

TEST(durable_file, reading_past_the_end_is_output_corrupt) {
  testing::temp_dir dir;
  auto file = durable_file::create_fresh(dir.path() / "short");
  ASSERT_TRUE(file && file->write_all_at(0, "abc"));
  std::array<std::byte, 4> into{};
  EXPECT_EQ(file->read_all_at(0, into).error().kind, failure_kind::output_corrupt);
}

TEST(durable_file, make_directories_makes_all_of_them_and_may_be_repeated) {
  testing::temp_dir dir;
  const auto deep = dir.path() / "a" / "b" / "c" / "";
  ASSERT_TRUE(make_directories(deep));
  ASSERT_TRUE(make_directories(deep));
  EXPECT_TRUE(fs::is_directory(deep));
}

TEST(durable_file, a_file_in_the_way_of_a_directory_is_output_unwritable_with_its_path) {
  testing::temp_dir dir;
  const auto file = dir.write("file", "");
  const auto made = make_directories(file / "below");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, failure_kind::output_unwritable);
  EXPECT_NE(made.error().cause.find(file.string()), std::string::npos);
}

TEST(durable_file, full_disks_quotas_and_size_limits_are_disk_full) {
  for (const int error : {ENOSPC, EDQUOT, EFBIG})
    EXPECT_EQ(disk_failure("cannot write", "x", error).value().kind, failure_kind::disk_full);
  EXPECT_EQ(disk_failure("cannot write", "x", EIO).value().kind, failure_kind::output_unwritable);
}

TEST(sha256, gives_the_published_digests) {
  EXPECT_EQ(to_hex(sha256_of("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(asset_id_of("abc"), "ba7816bf8f01cfea414140de5dae2223");
  EXPECT_NE(asset_id_of("\xff"), asset_id_of("\\xff")); // these two print alike
}

} // namespace
} // namespace trainyard
