// Against numpy's brute force, whatever the threads and blocks; damaged shards are refused by name.
#include "actors/search/exact_search.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/search/made_vectors.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

constexpr std::uint32_t dim = 96;
constexpr std::size_t k = 15;
constexpr int queries = 20;

nlohmann::json found_by_numpy(const testing::temp_dir& dir, const std::filesystem::path& root) {
  std::string numbers;
  for (int i = 0; i < queries; ++i) {
    const auto query = testing::made_vector(dim, 90'000U + static_cast<unsigned>(i));
    numbers.append(reinterpret_cast<const char*>(query.data()), dim * 4);
  }
  const auto file = dir.write("queries.npy", testing::npy_text(queries, dim, number_format::fp32, numbers));
  testing::child_process numpy(dir.path(), {TRAINYARD_PYTHON, TRAINYARD_SEARCH_SCRIPTS "/numpy_search.py",
                                            root.string(), file.string(), std::to_string(k)});
  const auto done = numpy.wait(60s);
  EXPECT_TRUE(done && done->status == 0) << (done ? done->err : "too slow");
  return nlohmann::json::parse(done ? done->out : "[]");
}

TEST(exact_search, finds_what_numpy_finds_for_twenty_queries_in_both_formats) {
  for (const auto format : {number_format::fp16, number_format::fp32}) {
    const testing::temp_dir dir;
    const auto folder = testing::made_folder(dir.path() / "out", format, dim, {400, 1, 37, 900});
    const auto wanted = found_by_numpy(dir, folder.root);
    for (int i = 0; i < queries; ++i) {
      const auto query = testing::made_vector(dim, 90'000U + static_cast<unsigned>(i));
      const auto found = search(folder, query, {.k = k});
      ASSERT_TRUE(found) << found.error().cause;
      ASSERT_EQ(found->hits.size(), k);
      for (std::size_t rank = 0; rank < k; ++rank) {
        EXPECT_EQ(found->hits[rank].row, wanted[i]["rows"][rank].get<std::uint64_t>());
        EXPECT_NEAR(found->hits[rank].score, wanted[i]["scores"][rank].get<float>(), 1e-6);
      }
    }
  }
}

TEST(exact_search, gives_the_same_hits_for_any_number_of_threads_and_size_of_blocks) {
  const testing::temp_dir dir;
  const auto folder = testing::made_folder(dir.path(), number_format::fp16, 32, {100, 250, 3});
  const auto query = testing::made_vector(32, 5);
  const auto wanted = search(folder, query, {.k = 20, .threads = 1});
  ASSERT_TRUE(wanted);
  for (const unsigned threads : {1U, 2U, 7U})
    for (const std::uint64_t block_bytes : {1U, 64U, 1000U, 100'000U})
      EXPECT_EQ(search(folder, query, {.k = 20, .threads = threads, .block_bytes = block_bytes})->hits,
                wanted->hits);
}

TEST(exact_search, equal_vectors_come_in_row_order_across_shards) {
  const testing::temp_dir dir;
  const auto folder = testing::made_folder(dir.path(), number_format::fp16, 8, {2, 3, 2});
  const std::string same(8 * 2, '\x3C'); // the same number everywhere
  for (const auto& shard : folder.shards) {
    std::string numbers;
    for (std::uint64_t i = 0; i < shard.rows; ++i)
      numbers += same;
    std::ofstream(shard.npy, std::ios::binary)
        << testing::npy_text(shard.rows, 8, number_format::fp16, numbers);
  }
  const auto found = search(folder, testing::made_vector(8, 1), {.k = 5, .threads = 3, .block_bytes = 16});
  ASSERT_TRUE(found);
  for (std::uint64_t i = 0; i < 5; ++i)
    EXPECT_EQ(found->hits[i].row, i);
}

TEST(exact_search, a_row_of_nan_is_counted_and_the_others_are_found) {
  const testing::temp_dir dir;
  const auto folder = testing::made_folder(dir.path(), number_format::fp16, 16, {10});
  std::fstream file(folder.shards[0].npy, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(128 + 3 * 32) << std::string(2, '\x7E'); // NaN
  file.close();
  const auto found = search(folder, testing::made_vector(16, 1), {.k = 100});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->hits.size(), 9);
  EXPECT_EQ(found->not_finite, 1);
}

TEST(exact_search, k_beyond_the_rows_gives_them_all_and_an_empty_folder_none) {
  const testing::temp_dir dir;
  const auto folder = testing::made_folder(dir.path(), number_format::fp32, 4, {3});
  EXPECT_EQ(search(folder, testing::made_vector(4, 1), {.k = 10})->hits.size(), 3);
  const auto empty = testing::made_folder(dir.path() / "empty", number_format::fp32, 4, {});
  EXPECT_TRUE(search(empty, testing::made_vector(4, 1), {.k = 10})->hits.empty());
}

TEST(exact_search, refuses_a_shard_that_is_missing_shorter_or_of_another_shape_by_name) {
  const testing::temp_dir dir;
  const auto folder = testing::made_folder(dir.path(), number_format::fp16, 16, {10, 10});
  const auto query = testing::made_vector(16, 1);
  const auto told = [&] {
    const auto found = search(folder, query, {});
    return found ? "nothing" : found.error().cause;
  };
  const auto file = folder.shards[1].npy;
  std::filesystem::resize_file(file, 128 + 9 * 32);
  EXPECT_THAT(told(), HasSubstr("img_emb_00001.npy"));
  std::ofstream(file, std::ios::binary)
      << testing::npy_text(9, 16, number_format::fp16, std::string(9 * 32, '0'));
  EXPECT_THAT(told(), HasSubstr("9 rows"));
  std::filesystem::remove(file);
  EXPECT_THAT(told(), HasSubstr("img_emb_00001.npy"));
}

} // namespace
} // namespace trainyard
