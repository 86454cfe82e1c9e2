// HTTP: where the gateway listens and who may ask it, and where the other roles show their metrics.
#include "config/options/sections.hpp"

#include <array>

namespace trainyard::option_sections {
namespace {

using enum option_type;

constexpr std::array gateway_table{
    option{.key = "gateway.listen",
           .flag = "--listen",
           .standard = "127.0.0.1:8000",
           .sentence = "Address and port of the HTTP server; beyond loopback it wants a token."},
    option{.key = "gateway.token",
           .standard = "",
           .sentence =
               "Token that callers must have, 16 characters or more. Not set: anybody on loopback may ask.",
           .environment = "TRAINYARD_GATEWAY_TOKEN",
           .secret = true},
    option{.key = "gateway.token_file",
           .flag = "--token-file",
           .type = path,
           .standard = "",
           .sentence = "File that holds the token, which its owner alone can read."},
    option{.key = "gateway.names",
           .flag = "--public-name",
           .type = list,
           .standard = "",
           .sentence = "Names under which browsers reach the gateway, beside localhost and addresses.",
           .item = "NAME"},
};

constexpr std::array metrics_table{
    option{.key = "metrics.listen",
           .flag = "--metrics-listen",
           .standard = "",
           .sentence =
               "Address and port that serve /metrics, /livez and /readyz of this process. Not set: none."},
};

} // namespace

std::span<const option> gateway() {
  return gateway_table;
}

std::span<const option> metrics() {
  return metrics_table;
}

} // namespace trainyard::option_sections
