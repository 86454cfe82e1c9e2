// Address and port.
#include "nodes/http/listen_address.hpp"

#include <charconv>

#include "nodes/http/guard.hpp"

namespace trainyard {

bool listen_address::is_loopback() const {
  return host == "::1" || host.starts_with("127.");
}

result<listen_address> parse_listen_address(std::string_view text, std::string_view key) {
  const auto parsed = parse_authority(text);
  listen_address address;
  unsigned port = 65'536;
  if (parsed)
    std::from_chars(parsed->port.data(), parsed->port.data() + parsed->port.size(), port);
  if (parsed)
    address.host = parsed->host == "localhost" ? "127.0.0.1" : parsed->host;
  if (!parsed || port > 65'535 || !is_address(address.host))
    return fail(failure_kind::config_invalid,
                std::string(key) + " is '" + std::string(text) + "', not an address and a port",
                "give one like 127.0.0.1:8000 or [::1]:8000");
  address.port = static_cast<std::uint16_t>(port);
  return address;
}

std::string url_of(const listen_address& of) {
  const bool six = of.host.find(':') != std::string::npos;
  return "http://" + (six ? "[" + of.host + "]" : of.host) + ":" + std::to_string(of.port);
}

} // namespace trainyard
