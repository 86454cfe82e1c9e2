// One value of one option: text or a TOML value to a checked option_value, and back to text.
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "config/settings.hpp"

namespace trainyard {

/// The error is what is wrong, to stand behind the option's name: "is 'abc', not a whole number".
template <class T>
using checked = tl::expected<T, std::string>;

/// As typed in a flag or an environment variable; blanks around it are dropped.
[[nodiscard]] checked<option_value> parse_value(const option& which, std::string_view text);
/// For values that have a type already (a TOML file): the bounds only.
[[nodiscard]] checked<option_value> check_number(const option& which, double value, std::string_view shown);
[[nodiscard]] checked<option_value> check_text(const option& which, std::string text);
[[nodiscard]] checked<option_value> check_list(const option& which, std::vector<std::string> items);

/// "a whole number from 1 to 1024 or auto": what would have been right.
[[nodiscard]] std::string expected_of(const option& which);
/// As it would be typed: parse_value(which, text_of(which, value)) gives `value` again, but for an item of a
/// list that holds a comma (only a file can give it one). "(hidden)" for a secret and for the login in a url.
[[nodiscard]] std::string text_of(const option& which, const option_value& value);
/// As it stands in a TOML file: text_of, quoted where it is text.
[[nodiscard]] std::string toml_of(const option& which, const option_value& value);

} // namespace trainyard
