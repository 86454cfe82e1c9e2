// What a service tells systemd about itself: one datagram each to the socket in $NOTIFY_SOCKET.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace trainyard {

/// Everything is of no effect where nobody listens, and never waits. One thread at a time.
class service_notice {
public:
  service_notice() = default;
  /// `socket`: a path, or "@NAME" of the abstract namespace; empty: nobody listens. `watchdog`: how long
  /// systemd waits for a sign of life before it starts the service again.
  explicit service_notice(std::string socket, std::optional<std::chrono::microseconds> watchdog = {});
  /// NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID of this process. Child processes do not see them any more.
  [[nodiscard]] static service_notice of_environment();

  void ready(std::string_view status) const;
  void status(std::string_view text) const;
  void stopping(std::string_view status) const;
  void alive() const;
  /// Half of what systemd waits.
  [[nodiscard]] std::optional<std::chrono::microseconds> sign_of_life_after() const;

private:
  void send(const std::string& message) const;
  std::string socket_;
  std::optional<std::chrono::microseconds> watchdog_;
};

} // namespace trainyard
