// What a NATS server says to everybody who connects, before any login: version, limits, JetStream.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "messages/failure.hpp"

namespace trainyard {

struct server_greeting {
  std::string version; ///< "2.9.10"
  std::string name;
  std::uint64_t max_payload_bytes = 0;
  bool jetstream = false;
  bool wants_login = false;
  bool wants_tls = false;
};

/// `url` is "nats://HOST:4222", "tls://HOST" or "HOST:4222"; its login is not used. Blocks for at most
/// `timeout`, but for the resolver. nats_unreachable, or nats_protocol where it is no NATS server, or one
/// that speaks TLS from the first byte.
[[nodiscard]] result<server_greeting> read_server_greeting(const std::string& url,
                                                           std::chrono::milliseconds timeout);

/// Of the NATS client library: what runs, and what this program was made with.
struct client_library {
  std::string running;
  std::string built_with;
};
[[nodiscard]] client_library nats_client_library();

} // namespace trainyard
