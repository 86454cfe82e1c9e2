// A role as a service of this machine: what is run, as whom, with what, kept by which manager.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/settings.hpp"
#include "messages/failure.hpp"

namespace trainyard {

enum class service_manager : std::uint8_t { systemd, launchd };

struct service_plan {
  std::string role; ///< coordinator, worker or gateway
  service_manager manager = service_manager::systemd;
  bool of_system = false;              ///< else of the user who installs it
  std::string user{};                  ///< whom a service of the system runs as
  std::vector<std::string> command{};  ///< program, role, flags; no secret among them
  std::filesystem::path file{};        ///< the unit or property list
  std::filesystem::path environment{}; ///< systemd: a file with what is secret, which may be missing
  std::filesystem::path log{};         ///< launchd: where stderr goes
  std::filesystem::path writes{};      ///< what a service of the system must write beside its state; or empty
};

/// What install is told by the machine it runs on.
struct service_surroundings {
  std::filesystem::path program;
  std::filesystem::path home;        ///< of the user; empty where there is none
  std::filesystem::path config_home; ///< $XDG_CONFIG_HOME, or empty
  std::filesystem::path here;        ///< what relative paths begin at
  bool is_mac = false;
};

/// The flags that `from` was given go to the service, with paths made absolute; `config_file` too. usage: no
/// such role, a flag that the role does not take, a service of the system without --run-as; config_invalid: a
/// url that holds a login, which everybody could read. Pure.
[[nodiscard]] result<service_plan> plan_service(const std::string& role, const settings& from,
                                                const std::optional<std::filesystem::path>& config_file,
                                                const service_surroundings& around);

/// The name that the manager knows it by: "trainyard-worker.service", "org.trainyard.worker".
[[nodiscard]] std::string service_name(const service_plan& plan);

} // namespace trainyard
