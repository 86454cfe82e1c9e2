// What the connections of one server share: limits, the handler, who there is, and figures. One thread.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "nodes/http/http_limits.hpp"
#include "nodes/http/http_server.hpp"

namespace trainyard {

class http_connection;
class event_stream;

struct connection_book {
  http_limits limits;
  http_handler handler;
  std::map<http_connection*, std::weak_ptr<http_connection>> connections;
  std::map<event_stream*, std::weak_ptr<event_stream>> streams;
  std::map<int, std::uint64_t> answers;
  std::size_t large_bodies = 0; ///< in memory
  bool draining = false;
};

} // namespace trainyard
