// What was learned of a device is there after a restart, and nothing in the file can do harm.
#include "actors/device/memory/ceiling_store.hpp"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

struct ceiling_bench : ::testing::Test {
  testing::temp_dir dir;
  std::filesystem::path file = dir.path() / "state" / "ceilings.json";
  ceiling_key key{"cuda:0", "cuda", "NVIDIA H100", "00112233aabbccdd", "fp32", 224};

  ceiling_store store() const { return ceiling_store(file); }
  static constexpr std::uint64_t limit = 1'000'000;
  std::optional<std::uint32_t> known(const ceiling_key& of, std::uint64_t now = limit) const {
    return store().recall(of, now).value();
  }
  result<void> learn(const ceiling_key& of, std::uint32_t images) const {
    return store().remember(of, learned_ceiling{images, limit});
  }
};

TEST_F(ceiling_bench, nothing_is_known_before_anything_was_learned) {
  EXPECT_EQ(known(key), std::nullopt);
  EXPECT_FALSE(std::filesystem::exists(file.parent_path())) << "reading must not make folders";
}

TEST_F(ceiling_bench, another_store_on_the_same_file_finds_what_was_learned) {
  ASSERT_TRUE(learn(key, 8));
  EXPECT_EQ(known(key), 8U);
  ASSERT_TRUE(learn(key, 4));
  EXPECT_EQ(known(key), 4U);
}

TEST_F(ceiling_bench, every_part_of_the_key_counts) {
  ASSERT_TRUE(learn(key, 8));
  auto others = std::vector<ceiling_key>(6, key);
  others[0].device_kind = "mps";
  others[1].device_name = "NVIDIA H200";
  others[2].space_id = "ffffffffffffffff";
  others[3].precision = "bf16";
  others[4].resolution = 384;
  others[5].device_id = "cuda:1";
  std::uint32_t images = 16;
  for (const auto& other : others) {
    EXPECT_EQ(known(other), std::nullopt);
    ASSERT_TRUE(learn(other, images++));
  }
  EXPECT_EQ(known(key), 8U);
  EXPECT_EQ(known(others[5]), 21U);
}

TEST_F(ceiling_bench, what_is_forgotten_is_gone_and_the_rest_stays) {
  auto other = key;
  other.precision = "bf16";
  ASSERT_TRUE(learn(key, 8));
  ASSERT_TRUE(learn(other, 2));
  ASSERT_TRUE(store().remember(key, std::nullopt));
  EXPECT_EQ(known(key), std::nullopt);
  EXPECT_EQ(known(other), 2U);
}

TEST_F(ceiling_bench, a_damaged_file_is_named_and_replaced_by_the_next_lesson) {
  for (const auto* text : {"", "{", "[]", R"({"schema":2,"ceilings":[]})", R"({"schema":1,"ceilings":[{}]})",
                           R"({"schema":1,"ceilings":[{"images":-1}]})"}) {
    dir.write("state/ceilings.json", text);
    const auto answer = store().recall(key, limit);
    ASSERT_FALSE(answer) << text;
    EXPECT_NE(answer.error().cause.find("ceilings.json"), std::string::npos);
    ASSERT_TRUE(learn(key, 8)) << text;
    EXPECT_EQ(known(key), 8U);
  }
}

TEST_F(ceiling_bench, a_size_of_zero_is_never_believed) {
  ASSERT_TRUE(learn(key, 0));
  EXPECT_EQ(known(key), std::nullopt);
}

TEST_F(ceiling_bench, a_device_that_has_more_memory_now_starts_anew) {
  ASSERT_TRUE(learn(key, 8));
  EXPECT_EQ(known(key, limit + limit / 4), 8U);
  EXPECT_EQ(known(key, 2 * limit), std::nullopt);
  EXPECT_EQ(known(key, limit / 2), 8U);
}

TEST_F(ceiling_bench, a_name_of_any_bytes_is_found_again) {
  key.device_name = "GPU \xFF\n";
  ASSERT_TRUE(learn(key, 8));
  ASSERT_TRUE(learn(key, 4));
  EXPECT_EQ(known(key), 4U);
}

TEST_F(ceiling_bench, what_is_no_file_is_an_error_and_not_waited_for) {
  std::filesystem::create_directories(file.parent_path());
  ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
  EXPECT_FALSE(store().recall(key, limit));
}

TEST_F(ceiling_bench, a_folder_that_cannot_be_made_is_an_error_and_no_crash) {
  const ceiling_key any{};
  dir.write("state", "a file where the folder should be");
  EXPECT_FALSE(learn(any, 8));
}

} // namespace
} // namespace trainyard
