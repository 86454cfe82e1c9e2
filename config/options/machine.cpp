// What is particular to a machine: folders, programs, the log.
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
               "Folder for what is learned of this machine's devices; auto is the user's state folder."},
};

constexpr std::array log_table{
    option{.key = "log.level",
           .flag = "--log-level",
           .type = choice,
           .standard = "info",
           .sentence = "Least severity that is logged to stderr.",
           .choices = "debug|info|warn|error|off"},
};

} // namespace

std::span<const option> paths() {
  return paths_table;
}

std::span<const option> log() {
  return log_table;
}

} // namespace trainyard::option_sections
