// What one caller may cost the server.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace trainyard {

struct http_limits {
  std::uint32_t head_bytes = 8 * 1024;
  std::size_t body_bytes = 64 * 1024;
  std::map<std::string, std::size_t, std::less<>> body_bytes_at; ///< paths that take larger ones
  std::size_t large_bodies = 8;   ///< of those, in memory at once until they are answered; more are told so
  std::size_t connections = 256;  ///< at once; more are told so and closed
  std::size_t event_streams = 64; ///< of them
  std::chrono::seconds head_time{15}; ///< from the answer before, or the connection, to the end of the head
  std::chrono::seconds body_time{10};
  std::chrono::seconds large_body_time{60};
  std::chrono::seconds write_time{15}; ///< for an answer, or what waits for a stream

  [[nodiscard]] std::size_t most_body_bytes(std::string_view target) const {
    const auto larger = body_bytes_at.find(target.substr(0, target.find('?')));
    return larger == body_bytes_at.end() ? body_bytes : larger->second;
  }
};

} // namespace trainyard
