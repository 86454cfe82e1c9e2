// The checked configuration: typed values by key, each with the place it came from.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/options.hpp"

namespace trainyard {

/// Weakest first.
enum class source : std::uint8_t { standard, user_file, config_file, environment, flag };

struct origin {
  source from = source::standard;
  std::string place; ///< "--out", "GPU_BATCH_SIZE", "/etc/trainyard.toml:12"; empty for a default
};
/// "flag --out", "environment GPU_BATCH_SIZE", "file /etc/trainyard.toml:12", "default".
[[nodiscard]] std::string to_string(const origin& where);

/// monostate is "auto"; an empty text or list is "not set".
using option_value = std::variant<std::monostate, bool, std::int64_t, double, std::chrono::milliseconds,
                                  std::string, std::vector<std::string>>;

/// Plain value, safe to copy to any thread. Every access asserts that the key is in the table and of that
/// type: a wrong key is a bug of the caller, never of the user.
class settings {
public:
  /// Every option at its default.
  settings();

  [[nodiscard]] bool is_auto(std::string_view key) const;
  /// By anybody: its value is not the table's default.
  [[nodiscard]] bool is_given(std::string_view key) const;
  [[nodiscard]] const std::string& text(std::string_view key) const;    ///< text or choice; "auto" for auto
  [[nodiscard]] std::filesystem::path path(std::string_view key) const; ///< asserts that it is not auto
  [[nodiscard]] std::int64_t integer(std::string_view key) const;       ///< asserts that it is not auto
  [[nodiscard]] std::optional<std::int64_t> integer_unless_auto(std::string_view key) const;
  [[nodiscard]] double number(std::string_view key) const;
  [[nodiscard]] bool boolean(std::string_view key) const;
  [[nodiscard]] const std::vector<std::string>& list(std::string_view key) const;
  [[nodiscard]] std::chrono::milliseconds duration(std::string_view key) const;
  [[nodiscard]] const option_value& value_of(std::string_view key) const;
  [[nodiscard]] const origin& origin_of(std::string_view key) const;

  /// For the loader only: `value` has been checked against the table.
  void set(std::string_view key, option_value value, origin where);

  /// What is odd but no mistake, a line each: an unknown TRAINYARD_* name in the environment.
  std::vector<std::string> warnings;

private:
  struct entry {
    option_value value;
    origin where;
  };
  [[nodiscard]] const entry& at(std::string_view key) const;
  std::map<std::string, entry, std::less<>> entries_;
};

/// The table that `trainyard config show` prints: TOML, and with `with_origin` each line's origin as a
/// comment.
[[nodiscard]] std::string show(const settings& of, bool with_origin);

} // namespace trainyard
