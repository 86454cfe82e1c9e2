// The host's name as a token: what a process is called in the cluster when nobody names it.
#pragma once

#include <string>

#include <unistd.h>

#include "messages/subjects.hpp"

namespace trainyard {

[[nodiscard]] inline std::string host_name() {
  char name[256] = {};
  ::gethostname(name, sizeof name - 1);
  return as_token(name);
}

} // namespace trainyard
