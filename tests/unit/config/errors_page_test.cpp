// docs/errors.md tells every code of messages/failure.hpp, with the exit status that the code gives.
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "messages/failure.hpp"

namespace trainyard {
namespace {

std::string content_of(const char* file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Name and number of each line "  input_missing = 1101,".
std::vector<std::pair<std::string, unsigned>> declared_kinds() {
  std::vector<std::pair<std::string, unsigned>> kinds;
  const auto header = content_of("messages/failure.hpp") + content_of("messages/http_failure.hpp");
  const std::regex line(R"(\n\s+(\w+) = (\d{4}),)");
  for (std::sregex_iterator each(header.begin(), header.end(), line), end; each != end; ++each)
    kinds.emplace_back((*each)[1], static_cast<unsigned>(std::stoul((*each)[2])));
  return kinds;
}

TEST(errors_page, has_a_row_for_every_code_and_for_no_other) {
  const auto page = content_of("docs/errors.md");
  std::set<std::string> rows;
  const std::regex row(R"(\n\| (TY\d{4}) `(\w+)` \|)");
  for (std::sregex_iterator each(page.begin(), page.end(), row), end; each != end; ++each)
    EXPECT_TRUE(rows.insert((*each)[1].str() + " " + (*each)[2].str()).second) << (*each)[1];
  const auto kinds = declared_kinds();
  EXPECT_GE(kinds.size(), 35U);
  for (const auto& [name, number] : kinds)
    EXPECT_TRUE(rows.erase("TY" + std::to_string(number) + " " + name)) << name << " " << number;
  EXPECT_TRUE(rows.empty()) << "docs/errors.md tells of a code that is not there: " << *rows.begin();
}

TEST(errors_page, gives_the_exit_status_that_the_program_gives) {
  const auto page = content_of("docs/errors.md");
  for (const auto& [name, number] : declared_kinds()) {
    if (number >= 2000)
      continue; // one image's failure ends no process
    const auto status = std::to_string(exit_status_of(static_cast<failure_kind>(number)));
    const auto start = "| TY" + std::to_string(number) + " `" + name + "` | " + status + " |";
    EXPECT_NE(page.find(start), std::string::npos) << start;
  }
}

} // namespace
} // namespace trainyard
