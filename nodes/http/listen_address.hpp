// Where a server listens: "127.0.0.1:8000", "[::1]:8000", "localhost:8000".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "messages/failure.hpp"

namespace trainyard {

struct listen_address {
  std::string host;       ///< an address
  std::uint16_t port = 0; ///< 0: any free one

  [[nodiscard]] bool is_loopback() const;
  bool operator==(const listen_address&) const = default;
};

/// config_invalid where it is none; `key` is named in the failure. localhost is 127.0.0.1: a name that DNS
/// decides on is no place to listen.
[[nodiscard]] result<listen_address> parse_listen_address(std::string_view text, std::string_view key);
/// "http://127.0.0.1:8000"
[[nodiscard]] std::string url_of(const listen_address& of);

} // namespace trainyard
