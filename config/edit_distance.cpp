// Optimal string alignment with three rows.
#include "config/edit_distance.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

namespace trainyard {
namespace {

constexpr std::size_t longest_word = 128; // longer ones are no typing mistakes

char folded(char each) {
  return each == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
}

} // namespace

std::size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> before(to.size() + 1);
  std::vector<std::size_t> above(to.size() + 1);
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::swap(before, above);
    std::swap(above, row);
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const char a = folded(from[i - 1]);
      const char b = folded(to[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a == b ? 0 : 1)});
      if (i > 1 && j > 1 && a == folded(to[j - 2]) && folded(from[i - 2]) == b)
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[to.size()];
}

void nearest::consider(std::string_view candidate, std::string_view answer) {
  if (word_.size() > longest_word)
    return;
  const auto distance = edit_distance(word_, candidate);
  if (distance >= distance_ || distance > std::max<std::size_t>(2, candidate.size() / 3))
    return;
  // Two of the three letters of "out" in common with "run" do not make it what was meant.
  if (distance >= candidate.size() || distance >= word_.size())
    return;
  distance_ = distance;
  answer_ = answer;
}

} // namespace trainyard
