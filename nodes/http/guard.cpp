// Against DNS rebinding (Host), cross-site requests (Origin, Sec-Fetch-Site) and simple forms (Content-Type).
#include "nodes/http/guard.hpp"

#include <algorithm>

#include <arpa/inet.h>

#include "messages/http_failure.hpp"
#include "nodes/http/problem.hpp"

namespace trainyard {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& each : out)
    each = each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
  return out;
}

bool is_host_text(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](unsigned char each) {
    return (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9') || each == '-' || each == '.' ||
           each == '_' || each == ':';
  });
}

bool is_port_text(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::ranges::all_of(text, [](unsigned char each) { return each >= '0' && each <= '9'; });
}

http_answer refused(int status, std::string cause, std::string remedy) {
  return problem_answer(status,
                        {kind_of(http_failure::request_refused), std::move(cause), std::move(remedy)});
}

} // namespace

std::optional<http_authority> parse_authority(std::string_view text) {
  http_authority parsed;
  std::string_view rest;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == text.npos)
      return std::nullopt;
    parsed.host = lower(text.substr(1, end - 1));
    rest = text.substr(end + 1);
  } else {
    const auto colon = text.find(':');
    parsed.host = lower(text.substr(0, colon));
    rest = colon == text.npos ? std::string_view() : text.substr(colon);
  }
  if (!rest.empty() && (rest.front() != ':' || !is_port_text(rest.substr(1))))
    return std::nullopt;
  if (!rest.empty())
    parsed.port = rest.substr(1);
  if (!is_host_text(parsed.host))
    return std::nullopt;
  return parsed;
}

bool is_address(std::string_view host) {
  const std::string text(host);
  in6_addr bytes{};
  return ::inet_pton(AF_INET, text.c_str(), &bytes) == 1 || ::inet_pton(AF_INET6, text.c_str(), &bytes) == 1;
}

std::optional<http_answer> refuse_host(const http_request& of, const std::vector<std::string>& names) {
  const auto header = header_of(of, "Host");
  const auto host = header ? parse_authority(*header) : std::nullopt;
  if (!host)
    return problem_answer(400,
                          {kind_of(http_failure::request_invalid),
                           "the request has no Host header, or a wrong one", "send one: Host: ADDRESS:PORT"});
  const bool ours =
      host->host == "localhost" || is_address(host->host) ||
      std::ranges::any_of(names, [&](const std::string& each) { return lower(each) == host->host; });
  if (ours)
    return std::nullopt;
  return refused(421, "the request is for '" + host->host + "', which is no name of this gateway",
                 "use its address or localhost, or start it with --public-name " + host->host);
}

std::optional<http_answer> refuse_origin(const http_request& of) {
  const auto site = header_of(of, "Sec-Fetch-Site");
  if (headers_named(of, "Sec-Fetch-Site") > 0 && site != "same-origin" && site != "none")
    return refused(403, "a page of another site sent this", "use the dashboard, or a program");
  if (headers_named(of, "Origin") == 0)
    return std::nullopt; // no browser
  auto origin = header_of(of, "Origin").value_or("");
  const auto scheme = origin.find("://");
  const bool http = origin.starts_with("http://") || origin.starts_with("https://");
  const auto from = http ? parse_authority(origin.substr(scheme + 3)) : std::nullopt;
  const auto host = header_of(of, "Host");
  if (from && host && from == parse_authority(*host))
    return std::nullopt;
  return refused(403, "a page of another site sent this", "use the dashboard, or a program");
}

std::optional<http_answer> refuse_body_type(const http_request& of, std::string_view wanted) {
  const auto type = header_of(of, "Content-Type").value_or("");
  const auto end = std::min(type.find(';'), type.size());
  auto name = type.substr(0, end);
  while (name.ends_with(' ') || name.ends_with('\t'))
    name.remove_suffix(1);
  if (equal_but_for_case(name, wanted) && headers_named(of, "Content-Encoding") == 0)
    return std::nullopt;
  return problem_answer(415, {kind_of(http_failure::request_invalid),
                              "the body is not declared as plain " + std::string(wanted),
                              "send the header Content-Type: " + std::string(wanted)});
}

} // namespace trainyard
