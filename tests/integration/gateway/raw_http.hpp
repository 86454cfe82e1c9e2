// HTTP byte by byte over a real socket: what a client library would not let a test say.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace trainyard::testing {

struct raw_answer {
  int status = 0;                             ///< 0: the other end hung up, or said nothing in time
  std::map<std::string, std::string> headers; ///< names in lower case
  std::string body;

  [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(body, nullptr, false); }
  [[nodiscard]] std::string code() const; ///< of a problem; empty where it is none
};

class raw_http {
public:
  explicit raw_http(std::uint16_t port); ///< connects to 127.0.0.1; throws where that fails
  ~raw_http();
  raw_http(raw_http&& other) noexcept;
  raw_http(const raw_http&) = delete;
  raw_http& operator=(const raw_http&) = delete;

  /// False where the other end has hung up.
  bool say(std::string_view bytes);
  /// `no_body`: of a HEAD request.
  [[nodiscard]] raw_answer hear(std::chrono::milliseconds deadline = std::chrono::seconds(20),
                                bool no_body = false);
  /// Whatever comes until `wanted` is part of it, the end, or the deadline.
  [[nodiscard]] std::string hear_until(std::string_view wanted, std::chrono::milliseconds deadline);
  /// Whether the other end hangs up in time; what it says meanwhile is dropped.
  [[nodiscard]] bool ends_within(std::chrono::milliseconds deadline);

private:
  [[nodiscard]] bool receive(std::chrono::steady_clock::time_point end);
  int socket_ = -1;
  std::string unread_;
};

/// One request on a connection of its own. `head`: more lines, each with its end.
[[nodiscard]] raw_answer ask(std::uint16_t port, std::string_view method, std::string_view target,
                             std::string_view head = {}, std::string_view body = {});
/// A POST of JSON.
[[nodiscard]] raw_answer post(std::uint16_t port, std::string_view target, std::string_view body,
                              std::string_view head = {});

} // namespace trainyard::testing
