// A request that has passed the rules, on its way to an answer; for the desk's own sources only.
#pragma once

#include <string>

#include "nodes/gateway/gateway_desk.hpp"

namespace trainyard {

struct gateway_desk::visit {
  http_request request;
  const route& which;
  std::string session;
  http_target target;
  answer_sink done;
};

} // namespace trainyard
