// What is particular to a machine: folders, programs, the log, and what the doctor looks at it for.
#include "config/options/sections.hpp"

#include <array>

namespace trainyard::option_sections {
namespace {

using enum option_type;

constexpr std::array paths_table{
    option{.key = "paths.models_dir",
           .flag = "--models-dir",
           .type = path,
           .standard = "auto",
           .sentence =
               "Folder of models by name; auto looks beside the program, then in the user's data folder."},
    option{.key = "paths.nats_server",
           .flag = "--nats-server",
           .type = path,
           .standard = "auto",
           .sentence = "The nats-server program of a private run; auto looks in PATH and the usual folders."},
    option{.key = "paths.decoder",
           .flag = "--decoder",
           .type = path,
           .standard = "auto",
           .sentence = "The trainyard-decode program, which decodes images; auto looks beside this program."},
    option{.key = "paths.state_dir",
           .flag = "--state-dir",
           .type = path,
           .standard = "auto",
           .sentence =
               "Folder for what is learned of this machine's devices, and for a gateway's last minutes; auto "
               "is the user's state folder."},
};

constexpr std::array doctor_table{
    option{.key = "doctor.role",
           .flag = "--role",
           .type = choice,
           .standard = "run",
           .sentence = "What this machine is looked at for.",
           .choices = "run|coordinator|worker|gateway|client",
           .environment = "TRAINYARD_DOCTOR_ROLE"},
};

constexpr std::array service_table{
    option{.key = "service.system",
           .flag = "--system",
           .type = boolean,
           .standard = "false",
           .sentence = "A service of the machine, which runs before anybody logs in; else one of yours.",
           .environment = "TRAINYARD_SERVICE_SYSTEM"},
    option{.key = "service.user",
           .flag = "--run-as",
           .standard = "",
           .sentence = "User that a service of the machine runs as.",
           .environment = "TRAINYARD_SERVICE_USER"},
    option{.key = "service.now",
           .flag = "--now",
           .type = boolean,
           .standard = "false",
           .sentence = "Start it now and whenever the machine starts, or stop it; else that is left to you.",
           .environment = "TRAINYARD_SERVICE_NOW"},
    option{.key = "service.manager",
           .flag = "--service-manager",
           .type = choice,
           .standard = "auto",
           .sentence = "What keeps it; auto is launchd on macOS and systemd elsewhere.",
           .choices = "auto|systemd|launchd"},
    option{.key = "service.folder",
           .flag = "--service-folder",
           .type = path,
           .standard = "auto",
           .sentence = "Folder for the service's file; auto is where the manager looks."},
};

constexpr std::array log_table{
    option{.key = "log.level",
           .flag = "--log-level",
           .type = choice,
           .standard = "info",
           .sentence = "Least severity that is logged to stderr.",
           .choices = "debug|info|warn|error|off"},
    option{.key = "log.format",
           .flag = "--log-format",
           .type = choice,
           .standard = "text",
           .sentence = "Form of the lines on stderr; json is one object a line: time, level, room, text.",
           .choices = "text|json"},
};

} // namespace

std::span<const option> paths() {
  return paths_table;
}

std::span<const option> doctor() {
  return doctor_table;
}

std::span<const option> service() {
  return service_table;
}

std::span<const option> log() {
  return log_table;
}

} // namespace trainyard::option_sections
