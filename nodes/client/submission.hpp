// A job for the cluster: made from the settings, given to a coordinator, or left for one that will start.
#pragma once

#include <string>

#include "messages/api.hpp"
#include "nodes/client/api_client.hpp"

namespace trainyard {

/// Holds what somebody set; the rest is the coordinator's to decide. Without --root, `directory` is made
/// absolute where it exists on this machine. usage where an id or root is no token.
[[nodiscard]] result<session_spec> spec_of(const std::string& directory, const settings& from);

/// The job on what was uploaded as `folder`. Without an id it gets one that is made of all it says, so that
/// the same command again is the same session.
void place_in_upload(session_spec& spec, const std::string& folder);

struct submission {
  submit_reply reply;
  std::string line;           ///< the reply as one line of JSON
  bool left_in_queue = false; ///< no coordinator answered: the job waits in the stream
};

/// Gives `spec` an id where it has none.
[[nodiscard]] result<submission> submit(api_client& api, session_spec spec);

} // namespace trainyard
