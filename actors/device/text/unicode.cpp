// utf8proc has the tables; what it lacks of them is a handful of characters.
#include "actors/device/text/unicode.hpp"

#include <cstdlib>
#include <memory>
#include <new>

#include <utf8proc.h>

namespace trainyard {
namespace {

const utf8proc_uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

/// Calls `take` with every character; the index of the first byte that begins none, or the text's length.
template <class Take>
std::size_t each_character(std::string_view utf8, Take take) {
  std::size_t at = 0;
  while (at < utf8.size()) {
    utf8proc_int32_t character = 0;
    const auto rest = utf8.substr(at);
    const auto length =
        utf8proc_iterate(bytes_of(rest), static_cast<utf8proc_ssize_t>(rest.size()), &character);
    if (length <= 0)
      return at;
    take(static_cast<char32_t>(character));
    at += static_cast<std::size_t>(length);
  }
  return at;
}

utf8proc_category_t category_of(char32_t character) noexcept {
  return utf8proc_category(static_cast<utf8proc_int32_t>(character));
}

bool is_cased(char32_t character) {
  const auto category = category_of(character);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LT;
}

/// Marks and the like, which stand within words without being letters of them.
bool is_ignorable(char32_t character) {
  const auto category = category_of(character);
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME ||
         category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_LM ||
         category == UTF8PROC_CATEGORY_SK ||
         std::u32string_view(
             U"'.:\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a")
                 .find(character) != std::u32string_view::npos;
}

bool ends_a_word(std::u32string_view text, std::size_t at) {
  auto before = at;
  while (before > 0 && is_ignorable(text[before - 1]))
    --before;
  auto after = at + 1;
  while (after < text.size() && is_ignorable(text[after]))
    ++after;
  return before > 0 && is_cased(text[before - 1]) && (after == text.size() || !is_cased(text[after]));
}

} // namespace

std::optional<std::u32string> code_points_of(std::string_view utf8) {
  std::u32string text;
  text.reserve(utf8.size());
  if (each_character(utf8, [&](char32_t character) { text += character; }) != utf8.size())
    return std::nullopt;
  return text;
}

std::optional<std::size_t> first_wrong_byte(std::string_view utf8) {
  const auto wrong = each_character(utf8, [](char32_t) {});
  return wrong == utf8.size() ? std::nullopt : std::optional(wrong);
}

std::string utf8_of(std::u32string_view text) {
  std::string utf8;
  utf8.reserve(text.size());
  for (const auto character : text) {
    utf8proc_uint8_t bytes[4];
    const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(character), bytes);
    utf8.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
  }
  return utf8;
}

std::string composed(std::string_view utf8) {
  if (utf8.empty())
    return {};
  utf8proc_uint8_t* made = nullptr;
  const auto length = utf8proc_map(bytes_of(utf8), static_cast<utf8proc_ssize_t>(utf8.size()), &made,
                                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(made, &std::free);
  if (length < 0) // the text is valid, so that only memory can be missing
    throw std::bad_alloc();
  return {reinterpret_cast<const char*>(made), static_cast<std::size_t>(length)};
}

std::u32string lower_case(std::u32string_view text) {
  std::u32string lower;
  lower.reserve(text.size());
  for (const auto character : text)
    if (character == U'\u0130') // the one whose small form is two characters: i and a dot above
      lower += U"i\u0307";
    else
      lower += static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(character)));
  return lower;
}

std::u32string lower_case_in_words(std::u32string_view text) {
  constexpr char32_t capital_sigma = U'\u03a3';
  std::u32string lower;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == capital_sigma && ends_a_word(text, i))
      lower += U'\u03c2';
    else
      lower += lower_case(text.substr(i, 1));
  return lower;
}

bool is_letter(char32_t character) noexcept {
  const auto category = category_of(character);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool is_number(char32_t character) noexcept {
  const auto category = category_of(character);
  return category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO;
}

bool is_white_space(char32_t character) noexcept {
  const auto category = category_of(character);
  return (character >= U'\t' && character <= U'\r') || character == U'\u0085' ||
         (category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP);
}

} // namespace trainyard
