// Who may ask: a token in a header, or a cookie that was given for it; guesses are counted.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "messages/failure.hpp"
#include "nodes/http/http_text.hpp"

namespace trainyard {

/// Not thread safe; time is passed in. Only a hash of the token is kept, and compared in constant time.
class logins {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using random_text = std::function<std::string()>;
  static constexpr std::string_view cookie_name = "trainyard";
  static constexpr std::size_t least_token_length = 16;
  static constexpr std::chrono::hours cookie_lifetime{12};
  static constexpr std::size_t most_cookies = 1024;
  static constexpr unsigned guesses_per_minute = 5; ///< that are wrong, of one address

  /// An empty token lets everybody in. `fresh_cookie` cannot be guessed.
  logins(std::string_view token, random_text fresh_cookie);

  [[nodiscard]] bool wanted() const { return wanted_; }
  /// login_wanted, or too_many_requests after too many guesses.
  [[nodiscard]] result<void> admit(const http_request& of, time_point now);
  /// The Set-Cookie header's value.
  [[nodiscard]] result<std::string> log_in(std::string_view token, const std::string& peer, time_point now);
  /// The same that forgets it.
  [[nodiscard]] std::string log_out(const http_request& of);

private:
  struct guesses {
    time_point since;
    unsigned wrong = 0;
  };
  [[nodiscard]] bool is_token(std::string_view text) const;
  [[nodiscard]] result<void> check(std::string_view token, const std::string& peer, time_point now);
  void forget_old(time_point now);

  bool wanted_;
  std::string token_hash_;
  random_text fresh_cookie_;
  std::map<std::string, time_point> cookies_; ///< by the cookie's hash: when it ends
  std::map<std::string, guesses> guesses_;    ///< by address
};

} // namespace trainyard
