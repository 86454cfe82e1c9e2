// A context of the `nats` program: the file in which its users keep a server and a login.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "config/load.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// Empty: not in the file. Paths are as they stand there, with "~/" expanded.
struct nats_context {
  std::string url; ///< several, with commas between them
  std::string user;
  std::string password;
  std::string token;
  std::string credentials_file;
  std::string nkey_seed_file;
  std::string tls_certificate_file;
  std::string tls_key_file;
  std::string tls_ca_file;
  std::string domain;
  std::string api_prefix;
  std::string inbox_prefix;
};

/// $XDG_CONFIG_HOME/nats/context, else ~/.config/nats/context, on every system; nothing without a home.
[[nodiscard]] std::optional<std::filesystem::path> nats_context_folder(const environment& variables);

/// Blocks on the disk. config_invalid where the context is not there or is no JSON object of texts; unknown
/// fields are ignored. No failure tells anything of the file's values.
[[nodiscard]] result<nats_context> read_nats_context(const std::string& name, const environment& variables);

} // namespace trainyard
