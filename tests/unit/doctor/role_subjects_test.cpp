// What the doctor tries for each role is what ops/nats/permissions.conf gives it, no more and no less.
#include "nodes/doctor/role_subjects.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>

namespace trainyard {
namespace {

struct allowed {
  std::string pattern;
  bool hears = false;
};

/// Patterns of one "ROLE: { publish: [...] subscribe: [...] }" block; a queue stands in the pattern itself.
std::vector<allowed> allowed_in(const std::string& file, const std::string& role) {
  const auto from = file.find("\n" + role + ": {");
  const auto block = file.substr(from, file.find("\n}", from) - from);
  std::vector<allowed> all;
  std::istringstream lines(block);
  bool hears = false;
  for (std::string line; std::getline(lines, line);) {
    line = line.substr(0, line.find('#'));
    hears = hears || line.find("subscribe:") != line.npos;
    static const std::regex pattern(R"re("([^"]+)"|((?:trainyard|_INBOX)[\w.*>]+))re");
    for (std::sregex_iterator each(line.begin(), line.end(), pattern), end; each != end; ++each)
      all.push_back({(*each)[1].matched ? (*each)[1].str() : (*each)[2].str(), hears});
  }
  return all;
}

std::vector<std::string> tokens_of(const std::string& subject) {
  std::vector<std::string> tokens;
  std::istringstream in(subject);
  for (std::string each; std::getline(in, each, '.');)
    tokens.push_back(each);
  return tokens;
}

bool covers(const allowed& by, const subject_trial& each) {
  const auto blank = by.pattern.find(' ');
  const auto queue = blank == by.pattern.npos ? "" : by.pattern.substr(blank + 1);
  if (by.hears != each.hears || queue != each.queue)
    return false;
  const auto pattern = tokens_of(by.pattern.substr(0, blank));
  const auto subject = tokens_of(each.subject);
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == ">")
      return at < subject.size();
    if (at >= subject.size() || (pattern[at] != "*" && pattern[at] != subject[at]))
      return false;
  }
  return pattern.size() == subject.size();
}

class role_subjects : public ::testing::TestWithParam<std::pair<const char*, const char*>> {
protected:
  static std::string file() {
    std::ifstream in("ops/nats/permissions.conf");
    std::stringstream text;
    text << in.rdbuf();
    return "\n" + text.str();
  }
};

TEST_P(role_subjects, are_those_of_the_permissions_file) {
  const auto& [role, block] = GetParam();
  const auto permitted = allowed_in(file(), block);
  const std::string inbox =
      std::string("_INBOX_") + (std::string_view(role) == "client" ? "submitter" : role);
  const auto trials = trials_of(role, subjects(), "$JS.API", inbox);
  ASSERT_GE(permitted.size(), 7U);
  for (const auto& each : trials)
    EXPECT_TRUE(std::ranges::any_of(permitted, [&](const auto& by) { return covers(by, each); }))
        << "not allowed: " << each.subject;
  for (const auto& by : permitted)
    EXPECT_TRUE(std::ranges::any_of(trials, [&](const auto& each) { return covers(by, each); }))
        << "never tried: " << by.pattern;
}

INSTANTIATE_TEST_SUITE_P(all, role_subjects,
                         ::testing::Values(std::pair("coordinator", "COORDINATOR"),
                                           std::pair("worker", "WORKER"), std::pair("client", "SUBMITTER"),
                                           std::pair("gateway", "HTTP_GATEWAY")),
                         [](const auto& each) { return each.param.first; });

TEST(role_subjects_of, a_run_are_none) {
  EXPECT_TRUE(trials_of("run", subjects(), "$JS.API", "_INBOX").empty());
}

TEST(role_subjects_of, another_prefix_and_domain_follow_them) {
  const auto trials = trials_of("worker", subjects("night"), "$JS.hub.API", "_INBOX");
  const auto has = [&](const std::string& subject) {
    return std::ranges::any_of(trials, [&](const auto& each) { return each.subject == subject; });
  };
  EXPECT_TRUE(has("night.results.doctor-probe.0"));
  EXPECT_TRUE(has("$JS.hub.API.CONSUMER.MSG.NEXT.NIGHT_WORK.doctor-probe"));
}

} // namespace
} // namespace trainyard
