// The header is the one that readers parse, and the hash is that of the file.
#include "actors/coordinator/output/npy_file.hpp"

#include <limits>
#include <regex>

#include <gtest/gtest.h>

#include "actors/disk/sha256.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

TEST(npy_file, header_is_always_128_bytes_and_ends_its_only_line) {
  for (const auto rows : {std::uint64_t{1}, std::uint64_t{10'000}, std::numeric_limits<std::uint64_t>::max()})
    for (const auto dim : {1U, 512U, std::numeric_limits<std::uint32_t>::max()}) {
      const auto header = npy_header(rows, dim, "fp16");
      EXPECT_EQ(header.size(), npy_header_bytes);
      EXPECT_EQ(header.find('\n'), npy_header_bytes - 1);
    }
}

TEST(npy_file, header_satisfies_embedding_readers_regular_expressions) {
  const auto header = npy_header(12, 512, "fp32");
  std::smatch found;
  ASSERT_TRUE(std::regex_search(header, found, std::regex(R"('shape': \(([0-9]+), ([0-9]+)\))")));
  EXPECT_EQ(found[1], "12");
  EXPECT_EQ(found[2], "512");
  ASSERT_TRUE(std::regex_search(header, found, std::regex(R"('descr': '([<f0-9]+)')")));
  EXPECT_EQ(found[1], "<f4");
}

TEST(npy_file, sealed_hash_is_of_header_and_rows_also_beyond_one_chunk) {
  testing::temp_dir dir;
  auto npy = npy_file::create(dir.path() / "x.npy");
  ASSERT_TRUE(npy);
  const std::vector<std::byte> rows((1 << 20) + 4, std::byte{7});
  ASSERT_TRUE(npy->append(rows));
  const auto hash = npy->seal(npy_header(rows.size() / 4, 1, "fp32"));
  ASSERT_TRUE(hash);
  const auto content = read_file(npy->temporary_name());
  ASSERT_TRUE(content);
  EXPECT_EQ(content->size(), npy->bytes());
  EXPECT_EQ(*hash, to_hex(sha256_of(*content)));
}

} // namespace
} // namespace trainyard
