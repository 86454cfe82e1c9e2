// Questions to the cluster on a few threads that may block; what many ask in the same moment is asked once.
#pragma once

#include <functional>
#include <memory>

#include "nodes/client/api_client.hpp"
#include "nodes/gateway/cluster_port.hpp"

namespace trainyard {

struct cluster_call_limits {
  std::size_t threads = 4;
  std::size_t most_waiting = 64;
  std::chrono::milliseconds fresh{250}; ///< so old may an answer be that somebody else asked for
};

/// Answers come through `post`, which runs them on the server's thread.
class cluster_calls : public cluster_port {
public:
  using post_task = std::function<void(std::function<void()>)>;
  cluster_calls(api_client client, post_task post, cluster_call_limits limits = {});
  ~cluster_calls() override; ///< waits for the calls that run; those that wait are dropped
  cluster_calls(const cluster_calls&) = delete;
  cluster_calls& operator=(const cluster_calls&) = delete;

  void ask(cluster_question question, cluster_answer done) override;

private:
  struct state;
  std::shared_ptr<state> state_;
};

} // namespace trainyard
