// sd_notify(3) by hand: its protocol is older than most of systemd, and a library for one sendto is too much.
#include "nodes/service/notice.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace trainyard {
namespace {

std::string taken_variable(const char* name) {
  const char* value = std::getenv(name);
  std::string text = value ? value : "";
  ::unsetenv(name);
  return text;
}

std::optional<long long> number_in(const std::string& text) {
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// A line break would begin another assignment.
std::string on_one_line(std::string_view text) {
  std::string line(text);
  std::ranges::replace_if(
      line, [](unsigned char each) { return each < 0x20; }, ' ');
  return line;
}

} // namespace

service_notice::service_notice(std::string socket, std::optional<std::chrono::microseconds> watchdog)
    : socket_(std::move(socket)), watchdog_(watchdog) {}

service_notice service_notice::of_environment() {
  const auto socket = taken_variable("NOTIFY_SOCKET");
  const auto wait = number_in(taken_variable("WATCHDOG_USEC"));
  const auto process = number_in(taken_variable("WATCHDOG_PID"));
  const bool meant = !process || *process == static_cast<long long>(::getpid());
  if (!wait || *wait <= 0 || !meant)
    return service_notice(socket);
  return service_notice(socket, std::chrono::microseconds(*wait));
}

void service_notice::ready(std::string_view status) const {
  send("READY=1\nSTATUS=" + on_one_line(status));
}

void service_notice::status(std::string_view text) const {
  send("STATUS=" + on_one_line(text));
}

void service_notice::stopping(std::string_view status) const {
  send("STOPPING=1\nSTATUS=" + on_one_line(status));
}

void service_notice::alive() const {
  send("WATCHDOG=1");
}

std::optional<std::chrono::microseconds> service_notice::sign_of_life_after() const {
  return watchdog_ ? std::optional(*watchdog_ / 2) : std::nullopt;
}

void service_notice::send(const std::string& message) const {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  const bool sound = socket_.starts_with('/') || socket_.starts_with('@');
  if (!sound || socket_.size() >= sizeof to.sun_path)
    return;
  std::memcpy(to.sun_path, socket_.data(), socket_.size());
  if (to.sun_path[0] == '@')
    to.sun_path[0] = '\0';
  const int end = ::socket(AF_UNIX, SOCK_DGRAM, 0);
  if (end < 0)
    return;
  ::fcntl(end, F_SETFD, FD_CLOEXEC);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  [[maybe_unused]] const auto sent = ::sendto(end, message.data(), message.size(), MSG_DONTWAIT,
                                              reinterpret_cast<const sockaddr*>(&to), size);
  ::close(end);
}

} // namespace trainyard
