// What the gateway needs for single vectors: a thread that may block, and workers that are asked from it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "messages/embed.hpp"
#include "messages/failure.hpp"
#include "nodes/http/http_server.hpp"

namespace trainyard {

/// One answer per input, in their order, or why there is none for one of them. Blocks.
using embed_inputs = std::function<result<std::vector<embed_answer>>(
    const std::string& model, const std::vector<embed_request>& inputs)>;
/// Reads a request, asks, and writes the answer; on a thread of its own, as images are large.
using embedding_task = std::function<http_answer(const embed_inputs&)>;

class embedding_port {
public:
  virtual ~embedding_port() = default;
  /// On the server's thread, on which `done` runs too: once, now or later. A problem of status 429 where as
  /// many wait as may.
  virtual void run(embedding_task task, answer_sink done) = 0;
};

} // namespace trainyard
