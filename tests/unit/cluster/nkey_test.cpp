// Keys from the NATS documentation and from damaged files.
#include "nodes/nats/nkey.hpp"

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

// The pair that the documentation of nats-server shows; nobody's.
constexpr auto seed = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY";
constexpr auto its_public = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";

TEST(nkey, gives_its_public_key_from_a_bare_and_from_a_decorated_file) {
  const testing::temp_dir dir;
  const auto bare = public_nkey_of(dir.write("bare", std::string(seed) + "\n"));
  ASSERT_TRUE(bare) << bare.error().cause;
  EXPECT_EQ(*bare, its_public);
  const auto decorated =
      public_nkey_of(dir.write("decorated", "-----BEGIN USER NKEY SEED-----\r\n" + std::string(seed) +
                                                "\r\n------END USER NKEY SEED------\n"));
  ASSERT_TRUE(decorated) << decorated.error().cause;
  EXPECT_EQ(*decorated, its_public);
}

TEST(nkey, is_refused_where_the_file_is_not_there_or_damaged_and_not_told) {
  const testing::temp_dir dir;
  auto damaged = std::string(seed);
  damaged[20] = damaged[20] == 'A' ? 'B' : 'A';
  for (const auto& text : {std::string(), std::string(its_public), damaged, std::string(seed).substr(1),
                           std::string(58, 'S'), std::string(58, '1')}) {
    const auto got = public_nkey_of(dir.write("key", text));
    ASSERT_FALSE(got) << text;
    EXPECT_EQ(got.error().kind, failure_kind::config_invalid);
    EXPECT_EQ(got.error().cause.find("SUAC"), std::string::npos);
  }
  EXPECT_FALSE(public_nkey_of(dir.path() / "none"));
  EXPECT_FALSE(public_nkey_of(dir.path()));
}

} // namespace
} // namespace trainyard
