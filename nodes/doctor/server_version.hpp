// Versions of nats-server, and what is known of those that are too old.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "nodes/doctor/finding.hpp"

namespace trainyard {

struct server_version {
  int major = 0;
  int minor = 0;
  int patch = 0;
  auto operator<=>(const server_version&) const = default;
};

/// Older ones were never tried.
inline constexpr server_version tried_from{2, 9, 10};
/// Older ones may lose the last minute of a stream in a power cut (ops/nats/README.md).
inline constexpr server_version durable_from{2, 10, 27};

/// The first "2.9.10" in `text`, as of "nats-server: v2.9.10"; nothing where there is none.
[[nodiscard]] std::optional<server_version> server_version_in(std::string_view text);
[[nodiscard]] std::string to_string(const server_version& version);

/// The private server of a run loses nothing that its run does not do again.
enum class server_use { of_a_run, of_a_fleet };
[[nodiscard]] finding on_server_version(const std::string& check, const server_version& version,
                                        const std::string& where, server_use use);

} // namespace trainyard
