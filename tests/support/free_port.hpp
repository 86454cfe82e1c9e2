// A port of loopback for a test's own server.
#pragma once

#include <cstdint>

namespace trainyard::testing {

/// Nobody listens on it now, and the kernel gives it to no client: it stays free while its server is down.
/// Throws where there is none.
[[nodiscard]] std::uint16_t free_port();

} // namespace trainyard::testing
