// Text as Unicode has it: checked UTF-8, composed, in small letters, and what kind each character is.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace trainyard {

/// Nothing when `utf8` is no valid UTF-8 (cut off, overlong, a surrogate).
[[nodiscard]] std::optional<std::u32string> code_points_of(std::string_view utf8);
/// Index of the first byte that cannot stand there; nothing for valid UTF-8.
[[nodiscard]] std::optional<std::size_t> first_wrong_byte(std::string_view utf8);
[[nodiscard]] std::string utf8_of(std::u32string_view text);

/// Normal form C. REQUIRES: valid UTF-8.
[[nodiscard]] std::string composed(std::string_view utf8);
/// Each character by itself, as Rust's char::to_lowercase does it: a capital sigma is a small one anywhere.
[[nodiscard]] std::u32string lower_case(std::u32string_view text);
/// As Python's str.lower() does it: a capital sigma at the end of a word becomes the final one.
[[nodiscard]] std::u32string lower_case_in_words(std::u32string_view text);

[[nodiscard]] bool is_letter(char32_t character) noexcept;      ///< categories L*
[[nodiscard]] bool is_number(char32_t character) noexcept;      ///< categories N*
[[nodiscard]] bool is_white_space(char32_t character) noexcept; ///< property White_Space

} // namespace trainyard
