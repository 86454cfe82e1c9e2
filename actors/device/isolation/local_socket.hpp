// One end of a pair of sockets between two processes: whole messages, with a deadline.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <span>
#include <utility>

#include "actors/disk/owned_fd.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// `closed` covers every error of the socket: the other side is of no use any more.
enum class receipt { whole, closed, late, stopped };

class local_socket {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit local_socket(owned_fd end) : end_(std::move(end)) {}
  /// Close-on-exec, no signal when the other end is gone.
  [[nodiscard]] static result<std::pair<owned_fd, owned_fd>> make_pair();

  /// Never waits: false where the message does not fit or nobody is there.
  [[nodiscard]] bool send(std::span<const std::byte> message);
  /// Fills `message`. `stopping` is looked at several times a second.
  [[nodiscard]] receipt receive(std::span<std::byte> message, time_point deadline,
                                const std::atomic<bool>& stopping);
  /// There is something to read, or the other end is gone; never waits.
  [[nodiscard]] bool has_news() const;

private:
  owned_fd end_;
};

} // namespace trainyard
