// HTTP/1.1 on one thread: limits and time-outs are kept here, what is asked is answered elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "nodes/http/http_limits.hpp"
#include "nodes/http/http_text.hpp"
#include "nodes/http/listen_address.hpp"

namespace trainyard {

using answer_sink = std::function<void(http_answer)>;
/// Runs on the server's thread and must not block. `done` is called once, on that thread, now or later (by
/// post()).
using http_handler = std::function<void(http_request, answer_sink done)>;

struct http_figures {
  std::size_t connections = 0;
  std::size_t event_streams = 0;
  std::map<int, std::uint64_t> answers; ///< by status
};

/// Made and destroyed by one thread; post() and publish() are for any.
class http_server {
public:
  /// gateway_unavailable where the address cannot be had. Nothing is accepted before start().
  [[nodiscard]] static result<std::unique_ptr<http_server>> open(const listen_address& where,
                                                                 http_limits limits = {});
  ~http_server(); ///< stop()
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  void start(http_handler handler);
  /// Where it listens: with the port that it got.
  [[nodiscard]] const listen_address& where() const;
  void post(std::function<void()> task);
  /// Runs `task` on the server's thread each second from now on. Before start().
  void each_second(std::function<void()> task);
  /// An event for all who listen; where a listener is slow, the last one of a `key` replaces those before.
  void publish(std::string key, std::string event, std::string data);
  /// On the server's thread.
  [[nodiscard]] http_figures figures() const;
  /// Accepts nobody any more, ends streams, sees answers through for up to `patience`; then `done`, once, on
  /// the server's thread.
  void drain(std::chrono::milliseconds patience, std::function<void()> done);
  /// Ends its thread: the handler runs no more. What is posted from now on is dropped.
  void stop();

private:
  struct state;
  explicit http_server(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

} // namespace trainyard
