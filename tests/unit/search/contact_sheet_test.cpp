// Names from a disk cannot become markup, script or another picture.
#include "nodes/search/contact_sheet.hpp"

#include <gmock/gmock.h>

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(contact_sheet, text_loses_all_that_markup_is_made_of) {
  EXPECT_EQ(html_text(R"(<img src="x" onerror='y'> & co)"),
            "&lt;img src=&quot;x&quot; onerror=&#39;y&#39;&gt; &amp; co");
  EXPECT_EQ(html_text("größe.jpg"), "größe.jpg");
  EXPECT_THAT(html_text("a\xFF\x01\n"), HasSubstr("\\x"));
  EXPECT_THAT(html_text("a\nb\x01"), Not(HasSubstr("\n")));
}

TEST(contact_sheet, shows_pictures_as_data_and_says_where_there_is_none) {
  search_outcome outcome;
  outcome.folder.model = "<model>";
  outcome.folder.shards.push_back({0, "a.npy", "a.parquet", 2, 0});
  for (const std::string name : {"</figcaption><script>alert(1)</script>.jpg", "gone.jpg"}) {
    search_hit hit{{0.75F, outcome.hits.size()}, &outcome.folder.shards[0], {}};
    hit.about.image_path = name;
    outcome.hits.push_back(hit);
  }
  const auto page =
      contact_sheet(outcome, {search_query::of::text, "\"><b>"}, "",
                    {{"jpeg bytes", "changed since it was embedded"}, {"", "the original is not there"}});
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<b>")));
  EXPECT_THAT(page, Not(HasSubstr("<model>")));
  EXPECT_THAT(page, HasSubstr("data:image/jpeg;base64,anBlZyBieXRlcw=="));
  EXPECT_THAT(page, HasSubstr("changed since it was embedded"));
  EXPECT_THAT(page, HasSubstr("<div class=\"none\">the original is not there</div>"));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, HasSubstr("1. 0.7500"));
}

} // namespace
} // namespace trainyard
