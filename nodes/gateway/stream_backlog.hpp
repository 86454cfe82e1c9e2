// What waits in the fleet's streams, asked of JetStream by a gateway whose login may look at them.
#pragma once

#include <string>

#include "messages/failure.hpp"
#include "nodes/client/api_client.hpp"

namespace trainyard {

/// A stream_list as one line of JSON. Blocks for a round trip each, for 2 s where the server gives no answer
/// to this login. Streams that are not there yet are left out; a failure where none can be told.
[[nodiscard]] result<std::string> ask_backlog(api_client& api);

} // namespace trainyard
