// poll, recv, send.
#include "tests/integration/gateway/raw_http.hpp"

#include <array>
#include <cctype>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace trainyard::testing {
namespace {

using steady = std::chrono::steady_clock;

std::string lower(std::string text) {
  for (char& each : text)
    each = static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
  return text;
}

raw_answer parse_head(std::string_view head) {
  raw_answer answer;
  answer.status = head.size() > 12 ? std::atoi(std::string(head.substr(9, 3)).c_str()) : 0;
  for (std::size_t at = head.find("\r\n"); at != head.npos && at + 2 < head.size();) {
    const auto end = std::min(head.find("\r\n", at + 2), head.size());
    const auto line = head.substr(at + 2, end - at - 2);
    const auto colon = line.find(": ");
    if (colon != line.npos)
      answer.headers[lower(std::string(line.substr(0, colon)))] = line.substr(colon + 2);
    at = end == head.size() ? head.npos : end;
  }
  return answer;
}

} // namespace

std::string raw_answer::code() const {
  const auto problem = json();
  const auto type = headers.find("content-type");
  return problem.is_object() && type != headers.end() && type->second == "application/problem+json"
             ? problem.value("code", "")
             : "";
}

raw_http::raw_http(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
    throw std::runtime_error("cannot connect");
}

raw_http::~raw_http() {
  if (socket_ >= 0)
    ::close(socket_);
}

raw_http::raw_http(raw_http&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), unread_(std::move(other.unread_)) {}

bool raw_http::say(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// False at the end of the stream and at the deadline.
bool raw_http::receive(steady::time_point end) {
  pollfd ready{socket_, POLLIN, 0};
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - steady::now()).count();
  if (left <= 0 || ::poll(&ready, 1, static_cast<int>(left)) != 1)
    return false;
  std::array<char, 16'384> bytes;
  const auto got = ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (got <= 0)
    return false;
  unread_.append(bytes.data(), static_cast<std::size_t>(got));
  return true;
}

raw_answer raw_http::hear(std::chrono::milliseconds deadline, bool no_body) {
  const auto end = steady::now() + deadline;
  std::size_t head = 0;
  while ((head = unread_.find("\r\n\r\n")) == unread_.npos)
    if (!receive(end))
      return {};
  auto answer = parse_head(std::string_view(unread_).substr(0, head));
  unread_.erase(0, head + 4);
  const auto length = answer.headers.find("content-length");
  const std::size_t bytes = no_body || length == answer.headers.end() ? 0 : std::stoul(length->second);
  while (unread_.size() < bytes)
    if (!receive(end))
      return {};
  answer.body = unread_.substr(0, bytes);
  unread_.erase(0, bytes);
  return answer;
}

std::string raw_http::hear_until(std::string_view wanted, std::chrono::milliseconds deadline) {
  const auto end = steady::now() + deadline;
  while (unread_.find(wanted) == unread_.npos && receive(end))
    ;
  return std::exchange(unread_, {});
}

bool raw_http::ends_within(std::chrono::milliseconds deadline) {
  const auto end = steady::now() + deadline;
  while (receive(end))
    unread_.clear();
  return steady::now() < end;
}

raw_answer ask(std::uint16_t port, std::string_view method, std::string_view target, std::string_view head,
               std::string_view body) {
  raw_http wire(port);
  std::string text(method);
  text += " " + std::string(target) + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n";
  text += head;
  if (!body.empty())
    text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  wire.say(text + "\r\n" + std::string(body));
  return wire.hear(std::chrono::seconds(20), method == "HEAD");
}

raw_answer post(std::uint16_t port, std::string_view target, std::string_view body, std::string_view head) {
  return ask(port, "POST", target, "Content-Type: application/json\r\n" + std::string(head), body);
}

} // namespace trainyard::testing
