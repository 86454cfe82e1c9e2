// Thousands of broken files: the reader never crashes, and accepts none that the reference package refuses.
#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"
#include "tests/unit/model/tensor_file.hpp"

namespace trainyard {
namespace {

using namespace trainyard::testing;

/// One to three edits of the kinds that break parsers: a flipped byte, a cut, a repeat, an interesting token.
std::string mutated(std::string file, std::mt19937_64& random) {
  constexpr std::array<std::string_view, 12> tokens{
      "-1", "18446744073709551615", "9e9", "[", "]", "{", "}", "\"", "0", ",\"a\":{}", "\xC3\x28", "F64"};
  const auto below = [&](std::size_t limit) { return limit == 0 ? 0 : random() % limit; };
  for (auto edits = 1 + below(3); edits > 0; --edits) {
    const auto at = below(file.size());
    switch (below(5)) {
    case 0:
      file[at] = static_cast<char>(random());
      break;
    case 1:
      file.erase(at, 1 + below(8));
      break;
    case 2:
      file.insert(at, file.substr(at, 1 + below(40)));
      break;
    case 3:
      file.insert(at, tokens[below(tokens.size())]);
      break;
    default:
      file.replace(at, std::min<std::size_t>(1 + below(3), file.size() - at), tokens[below(tokens.size())]);
    }
    if (file.empty())
      file = "{";
  }
  // Half of the files get a header length that fits again, so that mutations reach the checks behind it.
  const auto brace = file.rfind('}');
  if (below(2) == 0 && file.size() > 8 && brace != std::string::npos && brace > 8)
    for (std::size_t i = 0; i < 8; ++i)
      file[i] = static_cast<char>((brace + 1 - 8) >> (8 * i));
  return file;
}

TEST(safetensors_oracle, no_mutation_crashes_us_and_none_that_python_refuses_is_accepted) {
  constexpr std::size_t files = 6000;
  std::mt19937_64 random(20261123);
  std::string bundle;
  std::vector<std::string> all;
  for (std::size_t i = 0; i < files; ++i) {
    all.push_back(i == 0 ? good_file() : mutated(good_file(), random));
    const auto size = static_cast<std::uint32_t>(all.back().size());
    for (int shift = 0; shift < 32; shift += 8)
      bundle += static_cast<char>(size >> shift);
    bundle += all.back();
  }
  const temp_dir dir;
  const auto input = dir.write("bundle", bundle);
  const auto output = dir.path() / "verdicts";
  const auto command = std::string(TRAINYARD_PYTHON) + " " + TRAINYARD_MODEL_SCRIPTS + "/oracle.py " +
                       input.string() + " " + output.string();
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::string verdicts;
  std::ifstream(output) >> verdicts;
  ASSERT_EQ(verdicts.size(), files);
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < files; ++i) {
    const auto table = parse(all[i]);
    accepted += table.has_value() ? 1 : 0;
    if (table.has_value())
      EXPECT_EQ(verdicts[i], '1') << "we accept what Python refuses: " << ::testing::PrintToString(all[i]);
    else
      EXPECT_FALSE(table.error().cause.empty() || table.error().remedy.empty());
  }
  EXPECT_TRUE(parse(all[0]).has_value());
  EXPECT_GT(accepted, 50U) << "mutations no longer reach the deeper checks";
}

} // namespace
} // namespace trainyard
