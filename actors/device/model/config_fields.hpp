// Typed reading of a JSON configuration that somebody else wrote: a wrong value is named, never guessed at.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

namespace trainyard {

/// Says what is wrong in words that follow the file's name: "has no 'dim'".
class config_error : public std::runtime_error {
  using runtime_error::runtime_error;
};

/// The object in `file`, a regular file of at most 1 MiB. Throws config_error.
[[nodiscard]] nlohmann::json json_in(const std::filesystem::path& file);

/// One object of a configuration, or the empty one. Every access throws config_error for a wrong type or
/// range; null counts as absent, as Python's writers mean it.
class config_fields {
public:
  explicit config_fields(const nlohmann::json& object, std::string within = {});

  [[nodiscard]] bool has(const char* key) const;
  [[nodiscard]] const nlohmann::json& member(const char* key) const;
  /// The object under `key`; an empty one when there is none.
  [[nodiscard]] config_fields object_or_empty(const char* key) const;
  [[nodiscard]] std::uint32_t number(const char* key, std::int64_t least, std::int64_t most) const;
  [[nodiscard]] std::uint32_t number_or(const char* key, std::uint32_t standard, std::int64_t least,
                                        std::int64_t most) const;
  [[nodiscard]] std::string text(const char* key) const;
  [[nodiscard]] std::string text_or(const char* key, const char* standard) const;
  [[nodiscard]] bool flag_or(const char* key, bool standard) const;
  [[nodiscard]] double real_or(const char* key, double standard) const;
  /// Three numbers in 0..1, or above 0.0001 where zero makes no sense.
  [[nodiscard]] std::array<float, 3> channels(const char* key, bool zero_allowed) const;
  [[nodiscard]] const nlohmann::json& object() const noexcept { return *object_; }
  /// "'vision_config.width' ": how messages call the key.
  [[nodiscard]] std::string name_of(const char* key) const;

private:
  const nlohmann::json* object_; ///< of the caller, or the empty one
  std::string within_;
};

} // namespace trainyard
