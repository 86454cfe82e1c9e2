// Settings to what a gateway starts with: where it listens, under which names, for whom.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "messages/failure.hpp"
#include "nodes/http/listen_address.hpp"

namespace trainyard {

struct gateway_plan {
  listen_address listen;
  std::string token;                  ///< empty: everybody who can connect may ask
  std::vector<std::string> names;     ///< beside localhost and addresses
  std::filesystem::path state_folder; ///< of the last minutes' series; empty: they end with the process
};

/// Reads the token's file. config_invalid where a value cannot be, the token is short or others can read its
/// file, or where the address is not loopback's and there is no token. No text ever holds the token.
[[nodiscard]] result<gateway_plan> plan_gateway(const settings& from);

} // namespace trainyard
