// A file is written or removed; what the manager must be told is told to it with --now, else to the caller.
#include "nodes/service/service_command.hpp"

#include <cstdio>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "actors/disk/durable_file.hpp"
#include "config/load.hpp"
#include "nodes/program_path.hpp"
#include "nodes/service/manager_calls.hpp"
#include "nodes/service/service_text.hpp"
#include "nodes/terminal/command_end.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view mark = "trainyard service install"; ///< in every file that is ours

service_surroundings surroundings() {
  const auto variables = process_environment();
  const auto value = [&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? fs::path() : fs::path(found->second);
  };
  service_surroundings around{program_path(), value("HOME"), value("XDG_CONFIG_HOME"), fs::current_path()};
#ifdef __APPLE__
  around.is_mac = true;
#endif
  return around;
}

bool is_installed(const service_plan& plan) {
  std::error_code error;
  return fs::exists(plan.file, error);
}

bool is_ours(const service_plan& plan) {
  const auto text = read_file(plan.file);
  return text && text->find(mark) != text->npos;
}

failure not_ours(const service_plan& plan) {
  return {failure_kind::output_unwritable,
          plan.file.string() + " is there and was not written by trainyard service install",
          "move it away, or write elsewhere with --service-folder"};
}

result<void> write_file(const service_plan& plan) {
  if (is_installed(plan) && !is_ours(plan))
    return tl::unexpected(not_ours(plan));
  auto written = make_directories(plan.file.parent_path());
  if (written)
    written = replace_file(plan.file, service_text(plan));
  if (!written && plan.of_system && ::geteuid() != 0)
    written.error().remedy = "run it as root (sudo)";
  return written;
}

/// Makes the calls, or says what they are.
result<std::string> make_or_tell(const std::vector<program_call>& calls, bool now,
                                 const std::string& intent) {
  std::string text = now || calls.empty() ? "" : intent + "\n";
  for (const auto& each : calls) {
    if (!now) {
      text += "  " + typed(each) + "\n";
      continue;
    }
    const auto end = make(each);
    if (end.status != 0)
      return fail(failure_kind::system_limit,
                  "`" + typed(each) + "` ended with status " + std::to_string(end.status) + ": " + end.output,
                  "run it by hand to see more");
    text += "done: " + typed(each) + "\n";
  }
  return text;
}

int install(const service_plan& plan, const settings& from) {
  if (auto written = write_file(plan); !written)
    return fail_with(written.error());
  auto text = "written: " + plan.file.string() + "\n";
  const auto more = make_or_tell(calls_to_start(plan, ::getuid()), from.boolean("service.now"),
                                 "Not started. To start it now and from now on:");
  if (!more)
    return fail_with(more.error());
  text += *more;
  if (!plan.of_system && plan.manager == service_manager::systemd)
    text += "To keep it when nobody is logged in: loginctl enable-linger\n";
  return print(text);
}

int uninstall(const service_plan& plan, const settings& from) {
  const bool now = from.boolean("service.now");
  if (!is_installed(plan))
    return print("not installed: " + plan.file.string() + "\n");
  if (!is_ours(plan))
    return fail_with(not_ours(plan));
  auto stopped = make_or_tell(calls_to_stop(plan, ::getuid()), now, "What runs goes on running. To stop it:");
  if (!stopped)
    return fail_with(stopped.error());
  if (const auto removed = remove_file(plan.file); !removed)
    return fail_with(removed.error());
  const auto forgotten = make_or_tell(now ? calls_to_forget(plan) : std::vector<program_call>(), now, "");
  if (!forgotten)
    return fail_with(forgotten.error());
  return print("removed: " + plan.file.string() + "\n" + *stopped + *forgotten);
}

/// The manager's own word where there is one.
std::string state_of(const service_plan& plan) {
  const auto end = make(call_for_state(plan, ::getuid()));
  if (end.status == 127)
    return "unknown (" + end.output + ")";
  if (plan.manager == service_manager::launchd)
    return end.status == 0 ? "loaded" : "not loaded";
  const auto word = end.output.substr(0, end.output.find('\n'));
  return word == "active" || word == "inactive" || word == "failed" || word == "activating"
             ? word
             : "unknown (" + word + ")";
}

int status(const service_plan& plan, const settings& from) {
  const bool installed = is_installed(plan);
  const auto state = state_of(plan);
  const bool runs = installed && (state == "active" || state == "loaded");
  const auto text = from.boolean("run.json")
                        ? nlohmann::json{{"role", plan.role},
                                         {"name", service_name(plan)},
                                         {"file", plan.file.string()},
                                         {"installed", installed},
                                         {"state", state}}
                                  .dump() +
                              "\n"
                        : "service    " + service_name(plan) + "\nfile       " + plan.file.string() +
                              (installed ? "" : " (not installed)") + "\nstate      " + state + "\n";
  const int printed = print(text);
  return printed != 0 ? printed : runs ? 0 : 1;
}

} // namespace

bool is_service_command(std::string_view name) {
  return name.starts_with("service ");
}

int service_command(std::string_view name, const std::string& role, const settings& from,
                    const std::optional<fs::path>& config_file) {
  const auto plan = plan_service(role, from, config_file, surroundings());
  if (!plan)
    return fail_with(plan.error());
  if (name == "service install")
    return install(*plan, from);
  if (name == "service uninstall")
    return uninstall(*plan, from);
  if (name == "service status")
    return status(*plan, from);
  return print(service_text(*plan));
}

} // namespace trainyard
