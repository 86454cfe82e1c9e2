// Requests whose answers block, given on a few threads of their own; beyond a bound the answer is "busy".
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "nodes/nats/connection.hpp"

namespace trainyard {

struct request_pool_options {
  std::string queue_group;
  std::size_t threads = 4;
  std::size_t most_waiting = 64;       ///< beyond them a request is answered coordinator_busy
  std::string who = "the coordinator"; ///< as refusals name it
};

/// Runs on many threads at once; may block; what it throws becomes an answer of asset_io.
using answer_request = std::function<std::vector<std::byte>(const nats_message&)>;

/// Answers from open() until it goes; then requests that wait are refused as busy, to be asked of another.
class request_pool {
public:
  [[nodiscard]] static result<std::unique_ptr<request_pool>> open(std::shared_ptr<connection> link,
                                                                  const std::vector<std::string>& subjects,
                                                                  answer_request answer,
                                                                  request_pool_options options);
  ~request_pool();       ///< blocks for what is being answered
  void stop_listening(); ///< nothing new is taken; what was taken is answered. Blocks for no answer.
  request_pool(const request_pool&) = delete;
  request_pool& operator=(const request_pool&) = delete;

private:
  struct state;
  explicit request_pool(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

} // namespace trainyard
