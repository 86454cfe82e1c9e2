// Publish work or results and learn what became of it: what their publish acknowledgements mean.
#pragma once

#include <string>
#include <vector>

#include "actors/links.hpp"
#include "nodes/nats/inbox.hpp"
#include "nodes/nats/link_options.hpp"

namespace trainyard {

/// Returns at once; `done` runs once, later. `message_id` is what the server drops repeats by, within its
/// window.
void publish_to_stream(inbox& box, const nats_link_options& options, request what,
                       const std::string& message_id, publish_done done);

/// What an acknowledgement, or its absence, means. `trouble` gets what an operator should see, if anything.
[[nodiscard]] publish_outcome outcome_of(const result<nats_message>& reply, std::optional<failure>& trouble);

} // namespace trainyard
