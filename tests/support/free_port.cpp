// Below the ports that Linux (32768) and macOS (49152) hand out by themselves, above those of services.
#include "tests/support/free_port.hpp"

#include <random>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace trainyard::testing {

std::uint16_t free_port() {
  std::random_device random;
  std::uniform_int_distribution<unsigned> any(10'240, 32'767);
  for (int attempt = 0; attempt < 100; ++attempt) {
    const auto port = static_cast<std::uint16_t>(any(random));
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons(port);
    const bool free = fd >= 0 && ::bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0;
    ::close(fd);
    if (free)
      return port;
  }
  throw std::runtime_error("100 ports were taken");
}

} // namespace trainyard::testing
