// What each role sends and hears, as subjects on which trying it has no effect.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "messages/subjects.hpp"
#include "nodes/nats/subject_trials.hpp"

namespace trainyard {

/// `role`: coordinator, worker, gateway or client; none for others. The same as ops/nats/permissions.conf
/// says, which a test holds it to.
[[nodiscard]] std::vector<subject_trial> trials_of(std::string_view role, const subjects& names,
                                                   const std::string& api_prefix,
                                                   const std::string& inbox_prefix);

} // namespace trainyard
