// Byte by byte: nothing of what follows the line may be taken, and there are only a few lines.
#include "nodes/nats/socket_lines.hpp"

#include <poll.h>
#include <sys/socket.h>

namespace trainyard {

namespace {

constexpr std::size_t longest_line = std::size_t{64} * 1024;

} // namespace

bool wait_for(int fd, short event, std::chrono::steady_clock::time_point end) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
  pollfd ready{fd, event, 0};
  return left > 0 && ::poll(&ready, 1, static_cast<int>(left)) > 0;
}

std::string read_line(int fd, std::chrono::steady_clock::time_point end) {
  std::string line;
  char each = 0;
  while (line.size() < longest_line && wait_for(fd, POLLIN, end) && ::recv(fd, &each, 1, 0) == 1) {
    if (each == '\n')
      return line;
    if (each != '\r')
      line += each;
  }
  return {};
}

} // namespace trainyard
