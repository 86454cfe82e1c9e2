// Requests and their replies: one wildcard subscription, and each reply finds its callback by a token.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "messages/failure.hpp"
#include "nodes/nats/connection.hpp"
#include "nodes/nats/ticker.hpp"

namespace trainyard {

/// The reply, or why there is none: nats_timeout; nats_unreachable (not sent, no responders, or the
/// connection was lost meanwhile); nats_protocol (payload too large). Runs exactly once, on a foreign thread.
using reply_sink = std::function<void(result<nats_message>)>;

struct request {
  std::string subject;
  nats_headers headers;
  std::vector<std::byte> payload;
  std::chrono::milliseconds timeout{5'000};
};

/// Thread safe. Holds its connection; whoever waits for replies holds the inbox.
class inbox {
public:
  [[nodiscard]] static result<std::shared_ptr<inbox>> open(std::shared_ptr<connection> link);
  ~inbox(); ///< close()
  inbox(const inbox&) = delete;
  inbox& operator=(const inbox&) = delete;

  /// Returns at once; `done` never runs inside this call. A request that could not be sent is answered a tick
  /// later, so that a caller that just asks again does not spin.
  void ask(request what, reply_sink done);

  /// ask() that waits. Never call it from a callback of this room: they share two threads.
  [[nodiscard]] result<nats_message> call(request what);
  /// call() of something that answers as JetStream does, with a JSON object: an "error" in it is
  /// nats_protocol with its text. `code` gets the err_code where there is one.
  [[nodiscard]] result<nlohmann::json> call_json(request what, int* code = nullptr);
  /// call_json() of the JetStream API: adds its prefix to `subject`.
  [[nodiscard]] result<nlohmann::json> call_api(const std::string& subject, const nlohmann::json& payload,
                                                int* code = nullptr,
                                                std::chrono::milliseconds timeout = request().timeout);

  /// Every callback still waiting runs here, with nats_timeout; what is asked from now on is dropped. One
  /// thread only, and not from a callback.
  void close();

  [[nodiscard]] const std::shared_ptr<connection>& link() const;
  [[nodiscard]] ticker& clock();

private:
  struct state;
  explicit inbox(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

} // namespace trainyard
