// The one table of options: key, flag, environment names, type, default, bounds, unit and a sentence each.
// Flags, environment, files, help text and config/default.toml are all derived from it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace trainyard {

enum class option_type : std::uint8_t { text, path, integer, number, boolean, choice, duration, list };

struct option {
  std::string_view key{}; ///< "device.gpu_batch_size": table and name in a TOML file
  /// "--gpu-batch-size"; a boolean has "--no-..." as well. Options of different sections may share one where
  /// no command takes both; a secret has none.
  std::string_view flag{};
  option_type type = option_type::text;
  std::string_view standard{}; ///< the default, as it would be typed; empty: not set, which "" says too
  std::string_view sentence{};
  double least = 0; ///< bounds of integer, number and duration (seconds), both included
  double most = 0;
  std::string_view unit{};               ///< "images", "batches", ...; empty for a plain value
  std::string_view choices{};            ///< of a choice, separated by '|'
  std::string_view legacy_environment{}; ///< a name that users of the older service have set already
  std::string_view environment{};        ///< where the flag does not give the name
  std::string_view item{};               ///< of a list, as help shows it: "URL"
  bool automatic = false;                ///< "auto" is a value too (beside the bounds)
  bool secret = false;                   ///< its value is never shown
  bool named_paths = false;              ///< the list's items are NAME=PATH: a token each, no name twice
};

/// All options, in the order in which help and default.toml show them.
[[nodiscard]] std::span<const option> options();
[[nodiscard]] const option* find_option(std::string_view key);
/// "TRAINYARD_GPU_BATCH_SIZE" for the flag --gpu-batch-size.
[[nodiscard]] std::string environment_name(const option& which);
/// The known key nearest to `key` by edit distance; nullopt when nothing is near.
[[nodiscard]] std::optional<std::string_view> nearest_key(std::string_view key);

/// What config/default.toml holds: every option with its default, unit, bounds and sentence.
[[nodiscard]] std::string to_toml();

} // namespace trainyard
