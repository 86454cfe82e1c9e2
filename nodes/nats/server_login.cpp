// INFO, CONNECT, PING, PONG over one loopback socket.
#include "nodes/nats/server_login.hpp"

#include <cerrno>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nodes/nats/socket_lines.hpp"

namespace trainyard {

namespace {

using clock = std::chrono::steady_clock;

struct loopback_socket {
  int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  ~loopback_socket() {
    if (fd >= 0)
      ::close(fd);
  }
};

tl::unexpected<failure> unreachable(std::uint16_t port, const std::string& why) {
  return fail(failure_kind::nats_unreachable, "nats://127.0.0.1:" + std::to_string(port) + ": " + why);
}

bool send_all(int fd, std::string_view text) {
#if defined(MSG_NOSIGNAL)
  constexpr int flags = MSG_NOSIGNAL;
#else
  constexpr int flags = 0;
#endif
  while (!text.empty()) {
    const auto sent = ::send(fd, text.data(), text.size(), flags);
    if (sent <= 0)
      return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

} // namespace

result<void> try_login(std::uint16_t port, const std::string& token, std::chrono::milliseconds timeout) {
  const auto end = clock::now() + timeout;
  const loopback_socket link;
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
#if defined(SO_NOSIGPIPE)
  const int on = 1;
  ::setsockopt(link.fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
  if (link.fd < 0 || ::connect(link.fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
    return unreachable(port, errno_text(errno));
  const auto info = read_line(link.fd, end);
  if (info.empty())
    return unreachable(port, "it accepts but does not answer");
  if (!info.starts_with("INFO "))
    return fail(failure_kind::nats_protocol, "port " + std::to_string(port) + " is not a NATS server");
  if (!send_all(link.fd,
                R"(CONNECT {"verbose":false,"pedantic":false,"auth_token":")" + token + "\"}\r\nPING\r\n"))
    return unreachable(port, "it closed the connection");
  for (auto line = read_line(link.fd, end); !line.empty(); line = read_line(link.fd, end)) {
    if (line == "PONG")
      return {};
    if (line.starts_with("-ERR"))
      return fail(failure_kind::nats_denied, "nats://127.0.0.1:" + std::to_string(port) + " says " + line);
  }
  return unreachable(port, "it does not answer a PING");
}

} // namespace trainyard
