// What one caller may cost the server.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace trainyard {

struct http_limits {
  std::uint32_t head_bytes = 8 * 1024;
  std::size_t body_bytes = 64 * 1024;
  std::size_t connections = 256;      ///< at once; more are told so and closed
  std::size_t event_streams = 64;     ///< of them
  std::chrono::seconds head_time{15}; ///< from the answer before, or the connection, to the end of the head
  std::chrono::seconds body_time{10};
  std::chrono::seconds write_time{15}; ///< for an answer, or what waits for a stream
};

} // namespace trainyard
