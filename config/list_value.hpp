// Values that are lists: items between commas, NAME=PATH among them, and what of a url may be shown.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/options.hpp"

namespace trainyard {

/// Without the blanks around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);
[[nodiscard]] bool has_control_characters(std::string_view text);
[[nodiscard]] std::string quoted_for_toml(std::string_view text);

/// The texts between commas, without the blanks around them; none for an empty text.
[[nodiscard]] std::vector<std::string> items_of(std::string_view text);
/// `url` with "(hidden)" for the user, password or token before its host.
[[nodiscard]] std::string without_login(std::string_view url);

[[nodiscard]] std::string expected_of_list(const option& which);
[[nodiscard]] std::string text_of_list(const std::vector<std::string>& items);
[[nodiscard]] std::string toml_of_list(const std::vector<std::string>& items);

struct named_path {
  std::string name; ///< a token (messages/subjects.hpp)
  std::filesystem::path path;
  bool operator==(const named_path&) const = default;
};
/// Of a list of NAME=PATH that was checked: settings::list("cluster.root").
[[nodiscard]] std::vector<named_path> named_paths(const std::vector<std::string>& items);

} // namespace trainyard
