// Names and texts from outside cannot leave their quotes, and numbers read back as they were.
#include "actors/export/postgres_text.hpp"

#include <gmock/gmock.h>

namespace trainyard {
namespace {

using ::testing::HasSubstr;

TEST(postgres_text, quotes_names_of_tables_and_refuses_what_is_none) {
  EXPECT_EQ(*quoted_table("images"), "\"images\"");
  EXPECT_EQ(*quoted_table("search.images"), "\"search\".\"images\"");
  EXPECT_EQ(*quoted_table("x\"; DROP TABLE y; --"), "\"x\"\"; DROP TABLE y; --\"");
  const std::string too_long(64, 'a');
  for (const std::string& each : {std::string(), std::string("."), std::string("a."), std::string(".a"),
                                  std::string("a.b.c"), too_long})
    EXPECT_FALSE(quoted_table(each)) << each;
}

TEST(postgres_text, escapes_what_separates_columns_and_rows) {
  metadata_row row;
  row.image_path = "a\tb\\c\nd.jpg";
  row.asset_id = "0123";
  row.width = 640;
  row.height = 480;
  row.bytes = 12;
  row.mtime_ns = -1;
  const std::vector<float> numbers{0.1F, -0.25F, 1e-8F};
  std::string text;
  append_copy_lines({0, {&row, 1}, numbers}, {"t", embedding_type::real_array, "space", 3}, text);
  EXPECT_EQ(text, "0123\ta\\tb\\\\c\\nd.jpg\t640\t480\t12\t1969-12-31 23:59:59.999999+00\t" +
                      std::string(64, '0') + "\tspace\t{0.1,-0.25,1e-08}\n");
  text.clear();
  append_copy_lines({0, {&row, 1}, numbers}, {"t", embedding_type::vector, "space", 3}, text);
  EXPECT_THAT(text, HasSubstr("\t[0.1,-0.25,1e-08]\n"));
}

TEST(postgres_text, the_spaces_id_is_a_literal) {
  const auto sql = sql_before_rows({"t", embedding_type::vector, "x'); DROP TABLE t; --", 7}, "\"t\"");
  EXPECT_THAT(sql, HasSubstr("'x''); DROP TABLE t; --'"));
  EXPECT_THAT(sql, HasSubstr("vector(7)"));
}

} // namespace
} // namespace trainyard
