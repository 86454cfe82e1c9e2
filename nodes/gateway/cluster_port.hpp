// What the gateway needs of a cluster: a question, and some time later its answer.
#pragma once

#include <compare>
#include <functional>
#include <string>

#include "messages/failure.hpp"

namespace trainyard {

struct cluster_question {
  std::string verb; ///< of PREFIX.api; "submit" is answered with the session's status, "streams" by JetStream
  std::string session; ///< empty: of none
  std::string payload; ///< JSON
  auto operator<=>(const cluster_question&) const = default;
};

/// One line of JSON, or why there is none.
using cluster_answer = std::function<void(result<std::string>)>;

class cluster_port {
public:
  virtual ~cluster_port() = default;
  /// On the server's thread, on which `done` runs too: once, now or later. too_many_requests where as many
  /// wait as may.
  virtual void ask(cluster_question question, cluster_answer done) = 0;
};

} // namespace trainyard
