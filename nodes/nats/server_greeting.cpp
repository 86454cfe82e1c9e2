// One line over plain TCP: the client library keeps it to itself.
#include "nodes/nats/server_greeting.hpp"

#include <cerrno>
#include <memory>
#include <string_view>

#include <fcntl.h>
#include <nats/nats.h>
#include <netdb.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "messages/json_codec.hpp"
#include "nodes/nats/json_fields.hpp"
#include "nodes/nats/socket_lines.hpp"

namespace trainyard {
namespace {

using clock = std::chrono::steady_clock;

struct host_and_port {
  std::string host;
  std::string port = "4222";
};

host_and_port place_in(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != url.npos)
    url.remove_prefix(scheme + 3);
  if (const auto at = url.rfind('@'); at != url.npos)
    url.remove_prefix(at + 1);
  url = url.substr(0, url.find('/'));
  host_and_port out;
  const auto bracket = url.starts_with('[') ? url.find(']') : url.npos;
  const auto colon = url.find(':', bracket == url.npos ? 0 : bracket);
  out.host = bracket == url.npos ? url.substr(0, colon) : url.substr(1, bracket - 1);
  if (colon != url.npos)
    out.port = url.substr(colon + 1);
  return out;
}

class tcp_link {
public:
  explicit tcp_link(clock::time_point end) : end_(end) {}
  ~tcp_link() { close(); }
  tcp_link(const tcp_link&) = delete;
  tcp_link& operator=(const tcp_link&) = delete;

  /// 0 or an errno.
  int connect(const addrinfo& to) {
    close();
    fd_ = ::socket(to.ai_family, to.ai_socktype, to.ai_protocol);
    if (fd_ < 0)
      return errno;
    ::fcntl(fd_, F_SETFD, FD_CLOEXEC);
    ::fcntl(fd_, F_SETFL, O_NONBLOCK);
    if (::connect(fd_, to.ai_addr, to.ai_addrlen) == 0)
      return 0;
    if (errno != EINPROGRESS)
      return errno;
    if (!wait_for(fd_, POLLOUT, end_))
      return ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
  }

  [[nodiscard]] std::string read_line() const { return trainyard::read_line(fd_, end_); }

private:
  void close() {
    if (fd_ >= 0)
      ::close(fd_);
    fd_ = -1;
  }

  clock::time_point end_;
  int fd_ = -1;
};

tl::unexpected<failure> unreachable(const host_and_port& place, const std::string& why) {
  return fail(failure_kind::nats_unreachable, place.host + ":" + place.port + ": " + why,
              "start nats-server with JetStream there, or correct the url");
}

bool flag_at(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

result<server_greeting> greeting_in(const std::string& line, const host_and_port& place) {
  const auto parsed = line.starts_with("INFO ")
                          ? parse_json_limited(std::string_view(line).substr(5))
                          : result<nlohmann::json>(fail(failure_kind::nats_protocol, "not INFO"));
  if (!parsed || !parsed->is_object())
    return fail(failure_kind::nats_protocol,
                place.host + ":" + place.port +
                    " greets like no NATS server; one that speaks TLS from the first byte keeps it back");
  return server_greeting{text_at(*parsed, "version"),       text_at(*parsed, "server_name"),
                         number_at(*parsed, "max_payload"), flag_at(*parsed, "jetstream"),
                         flag_at(*parsed, "auth_required"), flag_at(*parsed, "tls_required")};
}

} // namespace

result<server_greeting> read_server_greeting(const std::string& url, std::chrono::milliseconds timeout) {
  const auto place = place_in(url);
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(place.host.c_str(), place.port.c_str(), &wanted, &found); error != 0)
    return unreachable(place, ::gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, ::freeaddrinfo);
  tcp_link link(clock::now() + timeout);
  int error = EHOSTUNREACH;
  for (const auto* each = found; each && error != 0; each = each->ai_next)
    error = link.connect(*each);
  if (error != 0)
    return unreachable(place, errno_text(error));
  const auto line = link.read_line();
  if (line.empty())
    return unreachable(place, "it accepts but does not answer");
  return greeting_in(line, place);
}

client_library nats_client_library() {
  return {nats_GetVersion(), NATS_VERSION_STRING};
}

} // namespace trainyard
