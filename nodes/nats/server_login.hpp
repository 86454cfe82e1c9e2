// Logs in to a NATS server once, by hand and without threads: is it up, and is it the one with our token?
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "messages/failure.hpp"

namespace trainyard {

/// Blocks for at most `timeout`. nats_unreachable where nobody listens or answers, nats_denied where the
/// server refuses the token, nats_protocol where it is no NATS server. Plain TCP to 127.0.0.1 only.
[[nodiscard]] result<void> try_login(std::uint16_t port, const std::string& token,
                                     std::chrono::milliseconds timeout);

} // namespace trainyard
