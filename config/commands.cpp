// The commands.
#include "config/commands.hpp"

#include <array>

namespace trainyard {
namespace {

constexpr std::array<std::string_view, 4> every_section{"run", "device", "paths", "log"};

constexpr std::array list{
    command{.name = "run",
            .sentence = "Embed all images of a folder on this machine.",
            .positional = "DIR",
            .positional_sentence = "Folder of images, with all folders below it.",
            .sections = every_section},
    command{.name = "config show",
            .sentence = "Show every option's value as trainyard would use it now.",
            .sections = every_section,
            .switch_name = "--origin",
            .switch_sentence = "Say where each value comes from."},
    command{.name = "version", .sentence = "Show the version."},
};

} // namespace

std::span<const command> commands() {
  return list;
}

} // namespace trainyard
