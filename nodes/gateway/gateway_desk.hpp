// Request by request: refused by the rules, answered from what is here, or asked of the cluster.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "nodes/fleet/fleet_board.hpp"
#include "nodes/gateway/cluster_port.hpp"
#include "nodes/gateway/embedding_port.hpp"
#include "nodes/gateway/logins.hpp"
#include "nodes/gateway/routes.hpp"
#include "nodes/http/http_server.hpp"
#include "nodes/http/target.hpp"

namespace trainyard {

struct desk_settings {
  std::string version;
  std::vector<std::string> names; ///< of this gateway, beside localhost and addresses
};

/// What the desk looks at and does not own; all of it on the server's thread.
struct desk_surroundings {
  cluster_port& cluster;
  embedding_port& embeddings;
  const fleet_board& board;
  std::function<bool()> connected; ///< to NATS
  std::function<http_figures()> figures;
};

/// Knows no sockets and does not block. One thread.
class gateway_desk {
public:
  gateway_desk(desk_settings settings, logins door, desk_surroundings around);
  void serve(http_request request, answer_sink done);

private:
  struct visit; ///< a request that has passed the rules
  struct dead_letter_walk;
  using time_point = fleet_board::time_point;

  [[nodiscard]] std::optional<http_answer> refuse(const http_request& request, const route& which,
                                                  time_point now);
  void act(visit what);
  void ask(visit what, std::string payload);
  void submit(visit what);
  void change(visit what);
  void list(visit what);
  void failures(visit what);
  void log_in(visit what);
  void log_out(visit what);
  void metrics(visit what);
  void dead_letters(visit what);
  void next_sessions(std::shared_ptr<dead_letter_walk> walk);
  void next_part(std::shared_ptr<dead_letter_walk> walk);
  void health(visit what);
  void ready(visit what);
  void embeddings(visit what);
  void predict(visit what);

  desk_settings settings_;
  logins door_;
  desk_surroundings around_;
  std::string openapi_;
};

} // namespace trainyard
