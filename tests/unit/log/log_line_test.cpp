// Lines of the log: one line each and one object each, whatever the texts hold.
#include "actors/log_line.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace trainyard {
namespace {

using namespace std::chrono_literals;
using ::testing::StartsWith;

constexpr auto at = std::chrono::sys_days(std::chrono::year(2026) / 12 / 1) + 2h + 3min + 4s + 56ms;

log_entry entry_of(std::string_view text, log_level level = log_level::info) {
  return {at, level, "worker", text};
}

struct hostile_text {
  const char* name;
  std::string_view text;
  std::string_view as_text; ///< what the text form makes of it
  std::string_view as_json; ///< what a reader of JSON gets back
};

constexpr std::string_view nul_inside("a\0b", 3);
const hostile_text texts[] = {
    {"plain", "took batch 7", "took batch 7", "took batch 7"},
    {"quotes", R"(he said "no" \ yes)", R"(he said "no" \ yes)", R"(he said "no" \ yes)"},
    {"newline", "a\nb\r\n", "a\\x0ab\\x0d\\x0a", "a\nb\r\n"},
    {"escape", "\033[2Jgone\a\x7f", "\\x1b[2Jgone\\x07\\x7f", "\033[2Jgone\a\x7f"},
    {"nul", nul_inside, "a\\x00b", nul_inside},
    {"bytes", "photo-\xff\xc3.jpg", "photo-\\xff\\xc3.jpg", "photo-\\xff\\xc3.jpg"},
    {"unicode", "Düne €", "Düne €", "Düne €"},
    {"object", R"({"level":"error"})", R"({"level":"error"})", R"({"level":"error"})"},
    {"priority", "<0>emergency", "<0>emergency", "<0>emergency"},
    {"empty", "", "", ""},
};

class log_line_of : public ::testing::TestWithParam<hostile_text> {};

TEST_P(log_line_of, any_text_is_one_line_that_reads_back) {
  const auto& row = GetParam();
  EXPECT_EQ(log_line(entry_of(row.text), {}),
            "2026-12-01T02:03:04.056Z info [worker] " + std::string(row.as_text));
  for (const bool to_journal : {false, true}) {
    auto line = log_line(entry_of(row.text), {.json = true, .to_journal = to_journal});
    EXPECT_EQ(line.find_first_of("\n\r"), line.npos);
    if (to_journal) {
      EXPECT_THAT(line, StartsWith("<6>{"));
      line.erase(0, 3);
    }
    const auto object = nlohmann::json::parse(line);
    EXPECT_EQ(object.size(), 4U);
    EXPECT_EQ(object["text"].get<std::string>(), row.as_json);
  }
}

INSTANTIATE_TEST_SUITE_P(all, log_line_of, ::testing::ValuesIn(texts),
                         [](const auto& each) { return each.param.name; });

TEST(log_line, has_time_level_room_and_text_in_this_order) {
  EXPECT_EQ(log_line(entry_of("ready", log_level::warn), {.json = true}),
            R"({"time":"2026-12-01T02:03:04.056Z","level":"warning","room":"worker","text":"ready"})");
}

TEST(log_line, carries_code_and_remedy_where_there_are_some) {
  auto entry = entry_of("no server", log_level::error);
  entry.more = {{"code", "TY1301"}, {"remedy", ""}};
  EXPECT_EQ(nlohmann::json::parse(log_line(entry, {.json = true}))["code"], "TY1301");
  EXPECT_FALSE(nlohmann::json::parse(log_line(entry, {.json = true})).contains("remedy"));
  EXPECT_EQ(log_line(entry, {}), "2026-12-01T02:03:04.056Z error [worker] no server");
}

TEST(log_line, for_the_journal_begins_with_its_priority_and_leaves_the_time_to_it) {
  const log_form journal{.to_journal = true};
  EXPECT_EQ(log_line(entry_of("x", log_level::debug), journal), "<7>debug [worker] x");
  EXPECT_EQ(log_line(entry_of("x", log_level::info), journal), "<6>info [worker] x");
  EXPECT_EQ(log_line(entry_of("x", log_level::warn), journal), "<4>warning [worker] x");
  EXPECT_EQ(log_line(entry_of("x", log_level::error), journal), "<3>error [worker] x");
}

TEST(log_line, of_a_time_before_1970_has_a_positive_fraction) {
  EXPECT_EQ(log_time(std::chrono::sys_days(std::chrono::year(1970) / 1 / 1) - 1ms),
            "1969-12-31T23:59:59.999Z");
}

} // namespace
} // namespace trainyard
