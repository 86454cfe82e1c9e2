// Single vectors asked of workers over NATS, on a few threads that may block.
#pragma once

#include <functional>
#include <memory>

#include "nodes/client/api_client.hpp"
#include "nodes/gateway/embedding_port.hpp"

namespace trainyard {

struct embedding_call_limits {
  std::size_t threads = 8;
  std::size_t most_waiting = 16;              ///< each with its body in memory
  std::size_t at_once = 8;                    ///< inputs of one request that workers are asked for
  std::chrono::milliseconds patience{20'000}; ///< with one input; a worker gives up before
  /// Before workers that were busy are asked again; doubled each time.
  std::chrono::milliseconds first_pause{100};
  std::chrono::milliseconds last_pause{800};
};

/// Answers come through `post`, which runs them on the server's thread.
class embedding_calls : public embedding_port {
public:
  using post_task = std::function<void(std::function<void()>)>;
  embedding_calls(const api_client& client, post_task post, embedding_call_limits limits = {});
  ~embedding_calls() override; ///< waits for the calls that run; those that wait are dropped
  embedding_calls(const embedding_calls&) = delete;
  embedding_calls& operator=(const embedding_calls&) = delete;

  void run(embedding_task task, answer_sink done) override;

private:
  struct state;
  std::shared_ptr<state> state_;
};

} // namespace trainyard
