// The unit of a role. What a role must reach is left open: a worker its devices, a coordinator its output.
#include "nodes/service/service_text.hpp"

namespace trainyard {
namespace {

constexpr std::string_view unquoted =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=./,:@+";

/// Of a path in a setting that is no command line: only specifiers mean something.
std::string without_specifiers(std::string_view raw) {
  std::string out;
  for (const char each : raw)
    each == '%' ? out += "%%" : out += each;
  return out;
}

/// Of a path in a list of them, which blanks would part.
std::string in_list(std::string_view raw) {
  std::string out;
  for (const char each : without_specifiers(raw))
    out += each == '"' || each == '\\' ? std::string{'\\', each} : std::string{each};
  return out.find_first_of(" \t\"\\'") == out.npos ? out : '"' + out + '"';
}

std::string head_of(const service_plan& plan) {
  return "# Written by `trainyard service install " + plan.role +
         "`: install again to change it, or edit it.\n"
         "# What is secret stands in " +
         plan.environment.string() + ", which only its owner can read:\n#   TRAINYARD_NATS_PASSWORD=...\n" +
         (plan.role == "gateway"
              ? "#   TRAINYARD_GATEWAY_TOKEN=...  (wanted as soon as --listen leaves 127.0.0.1)\n"
              : "");
}

std::string command_line_of(const service_plan& plan) {
  std::string line;
  for (const auto& each : plan.command)
    line += (line.empty() ? "" : " ") + systemd_word(each);
  return line;
}

const char* stop_of(const std::string& role) {
  if (role == "coordinator")
    return "# SIGTERM: sessions are given back, so that another coordinator takes them at once.\n"
           "TimeoutStopSec=30\n";
  if (role == "worker")
    return "# SIGTERM: what the devices have begun is finished, the rest goes back to the queue.\n"
           "TimeoutStopSec=60\n";
  return "TimeoutStopSec=15\n";
}

/// A user's manager may do none of this.
std::string fences_of(const service_plan& plan) {
  std::string text = "User=" + plan.user + "\nProtectSystem=strict\n";
  if (!plan.writes.empty())
    text += "ReadWritePaths=" + in_list(plan.writes.string()) + "\n";
  if (plan.role == "gateway")
    return text + "ProtectHome=read-only\nPrivateTmp=true\nPrivateDevices=true\n";
  return text + "StateDirectory=trainyard\nEnvironment=XDG_STATE_HOME=/var/lib/trainyard\n";
}

} // namespace

std::string systemd_word(std::string_view raw) {
  if (!raw.empty() && raw.find_first_not_of(unquoted) == raw.npos)
    return std::string(raw);
  std::string out = "\"";
  for (const char each : raw) {
    if (each == '"' || each == '\\')
      out += '\\';
    if (each == '%' || each == '$') // specifiers and variables
      out += each;
    if (each == '\n')
      out += "\\n";
    else
      out += each;
  }
  return out + "\"";
}

std::string systemd_unit(const service_plan& plan) {
  std::string text = head_of(plan) + "[Unit]\nDescription=trainyard " + plan.role + "\n";
  if (plan.of_system) // a user's manager knows of no network
    text += "Wants=network-online.target\nAfter=network-online.target\n";
  text += "# The NATS server may be down longer than any limit: try for ever.\n"
          "StartLimitIntervalSec=0\n\n"
          "[Service]\nType=notify\nNotifyAccess=main\n"
          "# It connects, reads the model and looks at the devices before it is ready.\n"
          "TimeoutStartSec=300\nWatchdogSec=60\n"
          "EnvironmentFile=-" +
          without_specifiers(plan.environment.string()) + "\nExecStart=" + command_line_of(plan) +
          "\nRestart=always\nRestartSec=5\n"
          "# A wrong flag stays wrong.\nRestartPreventExitStatus=2\n" +
          stop_of(plan.role) + "NoNewPrivileges=true\n";
  if (plan.of_system)
    text += fences_of(plan);
  return text + "\n[Install]\nWantedBy=" + (plan.of_system ? "multi-user.target" : "default.target") + "\n";
}

} // namespace trainyard
