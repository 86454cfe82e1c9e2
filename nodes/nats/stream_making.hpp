// Make or check a stream: it is asked for first, so that what exists is never changed behind an operator's
// back.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "messages/failure.hpp"
#include "nodes/nats/inbox.hpp"

namespace trainyard {

/// Blocks for a few round trips. `wanted` is a STREAM.CREATE body with name and max_bytes (-1: no limit).
/// nats_protocol names the field where a stream of that name has another meaning. Where the server has less
/// storage than twice max_bytes, a new stream gets half of what still fits.
[[nodiscard]] result<void> ensure_stream(inbox& box, const nlohmann::json& wanted);

} // namespace trainyard
