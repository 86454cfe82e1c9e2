// The reference says it by a regular expression, whose alternatives are tried in this order at each place.
#include "actors/device/text/clip_words.hpp"

#include <algorithm>
#include <array>

#include "actors/device/text/unicode.hpp"

namespace trainyard {
namespace {

using text_view = std::u32string_view;

constexpr std::array<text_view, 7> contractions{U"'s", U"'t", U"'re", U"'ve", U"'m", U"'ll", U"'d"};

/// Marks that somebody wrote in capitals, so that they are words by now. They end a run of their own.
constexpr std::array<std::array<text_view, 3>, 2> spelt_marks{
    {{U"<|", U"startoftext", U"|>"}, {U"<|", U"endoftext", U"|>"}}};

bool is_other(char32_t character) {
  return !is_white_space(character) && !is_letter(character) && !is_number(character);
}

/// Length of what `belongs` holds for, from the beginning.
template <class Belongs>
std::size_t run_of(text_view text, Belongs belongs) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, belongs) - text.begin());
}

/// Takes the three parts of a mark that `text` begins with; how long it is, or 0.
std::size_t take_mark(text_view text, std::vector<text_view>& words) {
  for (const auto& parts : spelt_marks) {
    std::array<text_view, 3> found;
    std::size_t at = 0;
    for (std::size_t i = 0; i < parts.size() && text.substr(at).starts_with(parts[i]); ++i) {
      found[i] = text.substr(at, parts[i].size());
      at += parts[i].size();
    }
    if (found.back().empty())
      continue;
    words.insert(words.end(), found.begin(), found.end());
    return at;
  }
  return 0;
}

std::size_t length_of_word(text_view text) {
  if (text.front() == U'\'')
    for (const auto each : contractions)
      if (text.starts_with(each))
        return each.size();
  if (const auto letters = run_of(text, is_letter); letters > 0)
    return letters;
  return is_number(text.front()) ? 1 : run_of(text, is_other);
}

} // namespace

std::vector<text_view> clip_words(text_view text) {
  std::vector<text_view> words;
  while (!text.empty()) {
    if (is_white_space(text.front())) {
      text.remove_prefix(1);
    } else if (const auto mark = take_mark(text, words); mark > 0) {
      text.remove_prefix(mark);
    } else {
      const auto length = length_of_word(text);
      words.push_back(text.substr(0, length));
      text.remove_prefix(length);
    }
  }
  return words;
}

} // namespace trainyard
