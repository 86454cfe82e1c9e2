// One connection to NATS that never gives up reconnecting; nats.c stays behind it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "messages/failure.hpp"

namespace trainyard {

struct connection_options {
  std::vector<std::string> urls{"nats://127.0.0.1:4222"};
  std::string name = "trainyard"; ///< what the server's connection list shows
  /// At most one kind of login. None of these ever stands in a failure's text.
  std::string token;
  std::string user;
  std::string password;
  std::string credentials_file; ///< JWT and seed, as `nsc` writes them
  std::string nkey_seed_file;   ///< with nkey_public
  std::string nkey_public;
  bool tls = false; ///< also implied by a tls:// url or any of the files
  std::string tls_ca_file;
  std::string tls_certificate_file;
  std::string tls_key_file;
  std::string inbox_prefix = "_INBOX"; ///< replies come below it; one per role where permissions are used
  std::string api_prefix = "$JS.API";  ///< "$JS.hub.API" behind a leaf node
  std::chrono::milliseconds connect_timeout{2'000};
  std::chrono::milliseconds reconnect_wait{250};
  std::chrono::milliseconds ping_interval{2'000}; ///< two unanswered pings and the connection is dropped
  std::chrono::milliseconds write_deadline{5'000};
};

/// closed is the last: we let go of it, or the server refused our login twice in a row on reconnecting.
enum class connection_event { connected, disconnected, closed };
/// Runs on a thread of the connection, the first connected within open(); it may only tell somebody.
using connection_status_sink = std::function<void(connection_event)>;

/// A message as it came. `status` is 0 for a plain one, else what JetStream says in the headers (404, 408,
/// ...).
struct nats_message {
  std::string subject;
  std::string reply;
  int status = 0;
  std::string description;            ///< of the status
  std::uint64_t pending_messages = 0; ///< of a pull that ended early: Nats-Pending-Messages
  bool has_pending = false;
  std::vector<std::byte> payload;
};
using nats_sink = std::function<void(nats_message)>;
using nats_headers = std::vector<std::pair<std::string, std::string>>;

/// Ends its subscription when it goes; then no call of the sink runs or will run. So it must not be destroyed
/// from within its own sink.
class subscription {
public:
  subscription() noexcept;
  subscription(subscription&&) noexcept;
  subscription& operator=(subscription&&) noexcept;
  ~subscription();
  void close(); ///< blocks while the sink runs; idempotent

private:
  friend class connection;
  struct state;
  explicit subscription(std::unique_ptr<state> made) noexcept;
  std::unique_ptr<state> state_;
};

/// Thread safe. Calls return at once, but a server that has stopped reading can hold a publish for up to
/// write_deadline. While disconnected a publish fails at once: nothing is buffered, as what a buffer sends
/// minutes later is worse than what the caller sends again.
class connection {
public:
  /// Blocks for at most connect_timeout per url. nats_unreachable, nats_denied (login refused) or
  /// config_invalid (bad url, unreadable file).
  [[nodiscard]] static result<std::shared_ptr<connection>> open(connection_options options,
                                                                connection_status_sink sink = {});
  ~connection(); ///< blocks until no status callback runs; every subscription must be gone before
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  /// message_invalid where subject, reply or a header could be read as protocol; nats_protocol where the
  /// payload is larger than the server takes; nats_unreachable while there is no connection.
  [[nodiscard]] result<void> publish(const std::string& subject, std::span<const std::byte> payload,
                                     const std::string& reply = {}, const nats_headers& headers = {});
  /// `queue` empty: every subscriber gets each message. Memory for what waits for the sink has no bound.
  [[nodiscard]] result<subscription> subscribe(const std::string& subject, nats_sink sink,
                                               const std::string& queue = {});
  /// Blocks until the server has seen all that was sent.
  [[nodiscard]] result<void> flush(std::chrono::milliseconds timeout);

  [[nodiscard]] bool connected() const;
  [[nodiscard]] std::size_t max_payload_bytes() const; ///< 0 before the first connect
  /// Goes up at every disconnect: what was asked for before it may get no answer.
  [[nodiscard]] std::uint64_t incarnation() const;
  [[nodiscard]] const connection_options& options() const;
  [[nodiscard]] const std::string& safe_url() const; ///< the urls without user, password or token
  /// What the server last complained about outside any reply, such as a permission; empty if nothing.
  [[nodiscard]] std::string last_complaint() const;
  [[nodiscard]] std::string unique_inbox() const; ///< inbox_prefix.RANDOM, to subscribe to and reply to

private:
  struct state;
  explicit connection(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

[[nodiscard]] inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}
[[nodiscard]] inline std::vector<std::byte> payload_of(std::string_view text) {
  const auto bytes = bytes_of(text);
  return {bytes.begin(), bytes.end()};
}
[[nodiscard]] inline std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace trainyard
