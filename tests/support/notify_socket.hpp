// The end of a notification socket that systemd would hold.
#pragma once

#include <chrono>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace trainyard::testing {

class notify_socket {
public:
  /// `path` must be free; with "@" in front it is a name and no file.
  explicit notify_socket(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    if (path.size() >= sizeof at.sun_path)
      throw std::runtime_error("the socket's path is too long: " + path);
    std::memcpy(at.sun_path, path.data(), path.size());
    if (path[0] == '@')
      at.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&at), size) != 0)
      throw std::runtime_error(std::string("bind: ") + std::strerror(errno));
  }
  ~notify_socket() { ::close(fd_); }
  notify_socket(const notify_socket&) = delete;
  notify_socket& operator=(const notify_socket&) = delete;

  /// The next message; empty when the deadline passes first.
  [[nodiscard]] std::string next(std::chrono::milliseconds deadline) const {
    pollfd ready{fd_, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(deadline.count())) <= 0)
      return {};
    char text[4096];
    const auto got = ::recv(fd_, text, sizeof text, 0);
    return got < 0 ? std::string() : std::string(text, static_cast<std::size_t>(got));
  }
  /// Those before the first that holds `part` are dropped.
  [[nodiscard]] std::string next_with(const std::string& part, std::chrono::milliseconds deadline) const {
    const auto end = std::chrono::steady_clock::now() + deadline;
    for (auto now = std::chrono::steady_clock::now(); now < end; now = std::chrono::steady_clock::now()) {
      auto text = next(std::chrono::duration_cast<std::chrono::milliseconds>(end - now));
      if (text.find(part) != text.npos)
        return text;
    }
    return {};
  }

private:
  int fd_;
};

} // namespace trainyard::testing
