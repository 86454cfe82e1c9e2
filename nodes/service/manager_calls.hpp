// What a service manager is told and asked, as commands that a person can type as well.
#pragma once

#include <string>
#include <vector>

#include "nodes/service/service_plan.hpp"

namespace trainyard {

using program_call = std::vector<std::string>;

/// In this order: start it now and whenever the machine, or the user's session, starts. `user_id` is the
/// caller's.
[[nodiscard]] std::vector<program_call> calls_to_start(const service_plan& plan, unsigned user_id);
/// Before its file goes.
[[nodiscard]] std::vector<program_call> calls_to_stop(const service_plan& plan, unsigned user_id);
/// After its file has gone; may be none.
[[nodiscard]] std::vector<program_call> calls_to_forget(const service_plan& plan);
/// Ends with status 0 where it runs.
[[nodiscard]] program_call call_for_state(const service_plan& plan, unsigned user_id);

/// As it would be typed.
[[nodiscard]] std::string typed(const program_call& call);

struct call_end {
  int status = 0; ///< 127: there is no such program
  std::string output;
};
/// Waits for its end; its stderr is among the output.
[[nodiscard]] call_end make(const program_call& call);

} // namespace trainyard
