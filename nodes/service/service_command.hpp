// `trainyard service install`, `uninstall`, `status` and `print`: a role kept by this machine's manager.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "config/settings.hpp"

namespace trainyard {

[[nodiscard]] bool is_service_command(std::string_view name);
/// The process's exit status. Nothing is started or stopped without --now.
[[nodiscard]] int service_command(std::string_view name, const std::string& role, const settings& from,
                                  const std::optional<std::filesystem::path>& config_file);

} // namespace trainyard
