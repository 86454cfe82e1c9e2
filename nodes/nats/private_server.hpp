// A nats-server of our own for `trainyard run`: loopback, random port and token, gone when its parent is.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <sys/types.h>

#include "messages/failure.hpp"

namespace trainyard {

struct private_server_options {
  /// The server's directory is made in here; empty: XDG_RUNTIME_DIR, TMPDIR or /tmp, the first that is
  /// usable.
  std::filesystem::path parent_directory{};
  std::filesystem::path binary{}; ///< empty: nats-server on PATH and in the usual places
  std::uint64_t max_store_bytes = 8ULL << 30;
  std::uint64_t max_memory_bytes = 64ULL << 20;
  std::uint32_t max_payload_bytes = 8U << 20;
  std::uint16_t port = 0; ///< 0: any free port, which is what all but tests want
  std::chrono::milliseconds start_timeout{10'000};
};

/// Owns a watcher process, which owns the server. The watcher kills the server and removes the directory as
/// soon as this process ends, however it ends; on Linux the server also dies when the watcher is killed.
class private_server {
public:
  /// Blocks until a client could log in, at most start_timeout. Forks: call it before the process has other
  /// threads (before actors, LibTorch and nats.c start theirs). nats_server_missing where there is no binary,
  /// nats_unreachable with the tail of the server's log where it does not come up.
  [[nodiscard]] static result<private_server> start(const private_server_options& options = {});

  private_server(private_server&&) noexcept;
  private_server& operator=(private_server&&) noexcept;
  ~private_server(); ///< stop()

  [[nodiscard]] const std::string& url() const;   ///< nats://127.0.0.1:PORT, without the token
  [[nodiscard]] const std::string& token() const; ///< secret: for connection_options::token only
  [[nodiscard]] const std::filesystem::path& directory() const;
  [[nodiscard]] pid_t server_pid() const;
  [[nodiscard]] pid_t watcher_pid() const;

  /// Nothing while the server runs; else why it does not, with the last lines of its log. Any thread, no
  /// wait.
  [[nodiscard]] std::optional<failure> trouble() const;
  [[nodiscard]] bool running() const { return !trouble(); }

  /// Blocks until server, watcher and directory are gone, at most about 10 s (then they are killed).
  /// Idempotent.
  void stop();

private:
  struct state;
  explicit private_server(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

} // namespace trainyard
