// Flags back to words, and the places where managers look for services.
#include "nodes/service/service_plan.hpp"

#include <algorithm>
#include <array>

#include "config/commands.hpp"
#include "config/list_value.hpp"
#include "config/parse_value.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using words = std::vector<std::string>;

constexpr std::array roles{"coordinator", "worker", "gateway"};

fs::path absolute(const fs::path& path, const fs::path& here) {
  return (path.is_absolute() ? path : here / path).lexically_normal();
}

/// As many words as the option needs; config_invalid for a login in a url.
result<words> words_of(const option& which, const settings& from, const fs::path& here) {
  const std::string flag(which.flag);
  if (which.type == option_type::boolean)
    return words{from.boolean(which.key) ? flag : "--no-" + flag.substr(2)};
  if (which.type == option_type::path && !from.is_auto(which.key))
    return words{flag, absolute(from.path(which.key), here).string()};
  if (which.type != option_type::list)
    return words{flag, text_of(which, from.value_of(which.key))};
  words out;
  for (auto each : from.list(which.key)) {
    if (without_login(each) != each)
      return fail(failure_kind::config_invalid,
                  flag + " holds a login, which everybody on the machine could read in the service's file",
                  "leave it out of the url, and put TRAINYARD_NATS_USER and TRAINYARD_NATS_PASSWORD into the "
                  "service's environment file");
    if (which.named_paths) {
      const auto equals = each.find('=') + 1;
      each = each.substr(0, equals) + absolute(each.substr(equals), here).string();
    }
    out.insert(out.end(), {flag, each});
  }
  return out;
}

const command& command_of(std::string_view role) {
  return *std::ranges::find(commands(), role, &command::name);
}

result<words> flags_of(const std::string& role, const settings& from, const fs::path& here) {
  words all;
  for (const auto& each : options()) {
    const bool own = each.key.starts_with("service.") || each.key == "run.json";
    if (own || from.origin_of(each.key).from != source::flag)
      continue;
    if (!takes(command_of(role), each))
      return fail(failure_kind::usage, "a " + role + " takes no " + std::string(each.flag),
                  "see trainyard " + role + " --help");
    auto some = words_of(each, from, here);
    if (!some)
      return some;
    all.insert(all.end(), some->begin(), some->end());
  }
  // The default is relative, and a manager starts its services elsewhere.
  if (role == "coordinator" && !from.is_given("cluster.output_root"))
    all.insert(all.end(), {"--output-root", absolute(from.path("cluster.output_root"), here).string()});
  return all;
}

fs::path config_home(const service_surroundings& around) {
  return around.config_home.empty() ? around.home / ".config" : around.config_home;
}

void choose_places(service_plan& plan, const settings& from, const service_surroundings& around) {
  const bool by_systemd = plan.manager == service_manager::systemd;
  const auto name = service_name(plan) + (by_systemd ? "" : ".plist");
  fs::path folder = by_systemd
                        ? (plan.of_system ? "/etc/systemd/system" : config_home(around) / "systemd/user")
                        : (plan.of_system ? "/Library/LaunchDaemons" : around.home / "Library/LaunchAgents");
  if (!from.is_auto("service.folder"))
    folder = absolute(from.path("service.folder"), around.here);
  plan.file = folder / name;
  plan.environment = (plan.of_system ? fs::path("/etc/trainyard") : config_home(around) / "trainyard") /
                     (plan.role + ".env");
  plan.log = plan.of_system ? fs::path("/var/log") : around.home / "Library/Logs";
  plan.log /= "trainyard-" + plan.role + ".log";
  if (plan.role == "coordinator")
    plan.writes = absolute(from.path("cluster.output_root"), around.here);
}

result<void> choose_owner(service_plan& plan, const settings& from, const service_surroundings& around) {
  plan.of_system = from.boolean("service.system");
  plan.user = from.text("service.user");
  if (plan.of_system && plan.user.empty())
    return fail(failure_kind::usage, "a service of the system is to run as some user, and none is named",
                "--run-as USER, one who can read the roots and owns nothing else");
  if (!plan.of_system && !plan.user.empty())
    return fail(failure_kind::usage, "--run-as is for services of the system: others run as you do",
                "leave it out, or add --system");
  if (!plan.of_system && around.home.empty())
    return fail(failure_kind::usage, "there is no home folder to install a service into", "add --system");
  return {};
}

} // namespace

std::string service_name(const service_plan& plan) {
  return plan.manager == service_manager::systemd ? "trainyard-" + plan.role + ".service"
                                                  : "org.trainyard." + plan.role;
}

result<service_plan> plan_service(const std::string& role, const settings& from,
                                  const std::optional<fs::path>& config_file,
                                  const service_surroundings& around) {
  if (std::ranges::find(roles, role) == roles.end())
    return fail(failure_kind::usage, "'" + role + "' is no role that a service can have",
                "one of coordinator, worker, gateway");
  service_plan plan{.role = role};
  const auto& manager = from.text("service.manager");
  const bool by_launchd = manager == "launchd" || (manager == "auto" && around.is_mac);
  plan.manager = by_launchd ? service_manager::launchd : service_manager::systemd;
  if (auto chosen = choose_owner(plan, from, around); !chosen)
    return tl::unexpected(chosen.error());
  auto flags = flags_of(role, from, around.here);
  if (!flags)
    return tl::unexpected(flags.error());
  plan.command = {around.program.string(), role};
  if (config_file)
    plan.command.insert(plan.command.end(), {"--config", absolute(*config_file, around.here).string()});
  plan.command.insert(plan.command.end(), flags->begin(), flags->end());
  choose_places(plan, from, around);
  return plan;
}

} // namespace trainyard
