// What can go wrong with HTTP alone, as kinds of failures: few files need them.
#pragma once

#include "messages/failure.hpp"

namespace trainyard {

/// Public like those of failure_kind, of which they are the group 18xx (docs/errors.md).
enum class http_failure : std::uint16_t {
  gateway_unavailable = 1811, ///< the server cannot listen where it should
  request_invalid = 1812,     ///< no such page, method, type, size, or a malformed request
  request_refused = 1813,     ///< sent by a page of another site, or under a name that is not ours
  login_wanted = 1814,        ///< no token, or a wrong one
  too_many_requests = 1815,   ///< a limit of the gateway; ask again in a moment
};

[[nodiscard]] constexpr failure_kind kind_of(http_failure which) noexcept {
  return static_cast<failure_kind>(which);
}

} // namespace trainyard
