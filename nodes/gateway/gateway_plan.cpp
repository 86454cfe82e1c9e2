// Off loopback only with a token.
#include "nodes/gateway/gateway_plan.hpp"

#include <cerrno>
#include <fstream>

#include <sys/stat.h>

#include "config/list_value.hpp"
#include "config/places.hpp"
#include "nodes/gateway/logins.hpp"

namespace trainyard {
namespace {

constexpr std::size_t most_token_bytes = 4096;

tl::unexpected<failure> invalid(std::string cause, std::string remedy) {
  return fail(failure_kind::config_invalid, std::move(cause), std::move(remedy));
}

result<std::string> token_in(const std::filesystem::path& file) {
  struct stat facts {};
  std::ifstream in(file, std::ios::binary);
  if (!in || ::stat(file.c_str(), &facts) != 0)
    return invalid("gateway.token_file '" + file.string() + "' cannot be read: " + errno_text(errno),
                   "give a file that its owner, who starts the gateway, can read");
  if ((facts.st_mode & (S_IRGRP | S_IROTH | S_IWGRP | S_IWOTH)) != 0)
    return invalid("gateway.token_file '" + file.string() + "' is open to other users",
                   "chmod 600 '" + file.string() + "'");
  std::string text(most_token_bytes, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return std::string(trimmed(text));
}

result<std::string> token_of(const settings& from) {
  const auto& own = from.text("gateway.token");
  const auto file = from.path("gateway.token_file");
  if (!own.empty() && !file.empty())
    return invalid("gateway.token and gateway.token_file are both set", "set one of them");
  auto token = file.empty() ? result<std::string>(own) : token_in(file);
  if (!token)
    return token;
  const bool given = !own.empty() || !file.empty();
  if (given && (token->size() < logins::least_token_length || has_control_characters(*token)))
    return invalid("the gateway's token is shorter than " + std::to_string(logins::least_token_length) +
                       " characters, or no single line",
                   "make one: openssl rand -hex 32");
  return token;
}

} // namespace

result<gateway_plan> plan_gateway(const settings& from) {
  gateway_plan plan;
  auto listen = parse_listen_address(from.text("gateway.listen"), "gateway.listen");
  if (!listen)
    return tl::unexpected(listen.error());
  plan.listen = *listen;
  auto token = token_of(from);
  if (!token)
    return tl::unexpected(token.error());
  plan.token = std::move(*token);
  plan.names = from.list("gateway.names");
  plan.state_folder = state_folder(from, process_environment());
  if (!plan.listen.is_loopback() && plan.token.empty())
    return invalid("gateway.listen is '" + from.text("gateway.listen") +
                       "', which others can reach, and there is "
                       "no token",
                   "set TRAINYARD_GATEWAY_TOKEN or --token-file, or listen on 127.0.0.1");
  return plan;
}

} // namespace trainyard
