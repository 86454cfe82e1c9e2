// REPLACED by the branch that brings the worker: says that this build has none.
#include "nodes/worker/worker_command.hpp"

#include <cstdio>

#include "messages/failure.hpp"
#include "nodes/terminal/error_text.hpp"

namespace trainyard {

int worker_command(const settings&) {
  const failure none{failure_kind::usage, "this build of trainyard has no worker", "use a newer one"};
  std::fputs(error_text(none).c_str(), stderr);
  return exit_status_of(none.kind);
}

} // namespace trainyard
