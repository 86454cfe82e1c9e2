// poll, then recv of what is there. An answer that has arrived counts, however late it is looked at: the
// machine may have slept.
#include "actors/device/isolation/local_socket.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include "messages/system_limit.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;

#ifdef MSG_NOSIGNAL
constexpr int send_flags = MSG_DONTWAIT | MSG_NOSIGNAL;
#else
constexpr int send_flags = MSG_DONTWAIT;
#endif

#ifdef SOCK_CLOEXEC
constexpr int socket_type = SOCK_STREAM | SOCK_CLOEXEC;
#else
constexpr int socket_type = SOCK_STREAM;
#endif

void set_up([[maybe_unused]] int end) {
#ifndef SOCK_CLOEXEC
  ::fcntl(end, F_SETFD, FD_CLOEXEC);
#endif
#ifdef SO_NOSIGPIPE
  const int on = 1;
  ::setsockopt(end, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
}

bool is_readable(int end, std::chrono::milliseconds patience) {
  pollfd look{end, POLLIN, 0};
  return ::poll(&look, 1, static_cast<int>(patience.count())) > 0;
}

} // namespace

result<std::pair<owned_fd, owned_fd>> local_socket::make_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, socket_type, 0, ends) != 0)
    return is_system_limit(errno)
               ? tl::unexpected(system_limit_reached("a socket for a decoder", errno))
               : fail(failure_kind::decoder_unavailable, "a socket for a decoder: " + errno_text(errno));
  set_up(ends[0]), set_up(ends[1]);
  return std::pair(owned_fd(ends[0]), owned_fd(ends[1]));
}

bool local_socket::send(std::span<const std::byte> message) {
  ssize_t sent = 0;
  do
    sent = ::send(end_.get(), message.data(), message.size(), send_flags);
  while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(message.size());
}

receipt local_socket::receive(std::span<std::byte> message, time_point deadline,
                              const std::atomic<bool>& stopping) {
  while (!message.empty()) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (!is_readable(end_.get(), std::clamp<std::chrono::milliseconds>(left, 0ms, 200ms))) {
      if (stopping)
        return receipt::stopped;
      if (left <= 0ms)
        return receipt::late;
      continue;
    }
    const auto got = ::recv(end_.get(), message.data(), message.size(), MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN))
      return receipt::closed;
    if (got > 0)
      message = message.subspan(static_cast<std::size_t>(got));
  }
  return receipt::whole;
}

bool local_socket::has_news() const {
  return is_readable(end_.get(), 0ms);
}

} // namespace trainyard
