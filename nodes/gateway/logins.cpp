// Hashes are compared, so that neither length nor content of the token shows in the time it takes.
#include "nodes/gateway/logins.hpp"

#include <algorithm>

#include "actors/disk/sha256.hpp"
#include "messages/http_failure.hpp"

namespace trainyard {
namespace {

constexpr std::size_t most_addresses = 4096;
constexpr std::chrono::minutes guess_window{1};

std::string hash_of(std::string_view text) {
  return to_hex(sha256_of(text));
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
  unsigned difference = left.size() == right.size() ? 0 : 1;
  for (std::size_t i = 0; i < left.size() && i < right.size(); ++i)
    difference |= static_cast<unsigned char>(left[i]) ^ static_cast<unsigned char>(right[i]);
  return difference == 0;
}

std::string_view cookie_in(const http_request& of) {
  auto rest = header_of(of, "Cookie").value_or("");
  while (!rest.empty()) {
    const auto end = std::min(rest.find(';'), rest.size());
    auto pair = rest.substr(0, end);
    while (pair.starts_with(' '))
      pair.remove_prefix(1);
    if (pair.starts_with(logins::cookie_name) && pair.substr(logins::cookie_name.size()).starts_with('='))
      return pair.substr(logins::cookie_name.size() + 1);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

std::string attributes(std::chrono::seconds lifetime) {
  return "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(lifetime.count());
}

} // namespace

logins::logins(std::string_view token, random_text fresh_cookie)
    : wanted_(!token.empty()), token_hash_(hash_of(token)), fresh_cookie_(std::move(fresh_cookie)) {}

bool logins::is_token(std::string_view text) const {
  return equal_in_constant_time(hash_of(text), token_hash_);
}

result<void> logins::check(std::string_view token, const std::string& peer, time_point now) {
  forget_old(now);
  const auto known = guesses_.find(peer);
  const bool crowded = known == guesses_.end() && guesses_.size() >= most_addresses;
  if (crowded || (known != guesses_.end() && known->second.wrong >= guesses_per_minute))
    return fail(kind_of(http_failure::too_many_requests), "too many wrong tokens", "wait a minute");
  if (is_token(token))
    return {};
  auto& mine = guesses_.try_emplace(peer, guesses{now, 0}).first->second;
  ++mine.wrong;
  return fail(kind_of(http_failure::login_wanted), "this is not the gateway's token",
              "ask whoever started the gateway");
}

result<void> logins::admit(const http_request& of, time_point now) {
  if (!wanted_)
    return {};
  constexpr std::string_view bearer = "Bearer ";
  const auto authorization = header_of(of, "Authorization").value_or("");
  if (authorization.size() > bearer.size() &&
      equal_but_for_case(authorization.substr(0, bearer.size()), bearer))
    return check(authorization.substr(bearer.size()), of.peer, now);
  const auto cookie = cookie_in(of);
  const auto known = cookie.empty() ? cookies_.end() : cookies_.find(hash_of(cookie));
  if (known != cookies_.end() && known->second > now)
    return {};
  return fail(kind_of(http_failure::login_wanted), "this gateway answers callers with its token only",
              "send the header Authorization: Bearer TOKEN, or log in on the dashboard");
}

result<std::string> logins::log_in(std::string_view token, const std::string& peer, time_point now) {
  if (!wanted_)
    return fail(failure_kind::session_conflict, "this gateway has no token, and wants none",
                "just ask without one");
  if (const auto good = check(token, peer, now); !good)
    return tl::unexpected(good.error());
  if (cookies_.size() >= most_cookies)
    return fail(kind_of(http_failure::too_many_requests), "too many are logged in",
                "log out elsewhere, or use the token");
  const auto cookie = fresh_cookie_();
  cookies_[hash_of(cookie)] = now + cookie_lifetime;
  return std::string(cookie_name) + "=" + cookie + attributes(cookie_lifetime);
}

std::string logins::log_out(const http_request& of) {
  const auto cookie = cookie_in(of);
  if (!cookie.empty())
    cookies_.erase(hash_of(cookie));
  return std::string(cookie_name) + "=" + attributes(std::chrono::seconds(0));
}

void logins::forget_old(time_point now) {
  std::erase_if(cookies_, [&](const auto& each) { return each.second <= now; });
  std::erase_if(guesses_, [&](const auto& each) { return each.second.since + guess_window <= now; });
}

} // namespace trainyard
