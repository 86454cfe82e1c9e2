// Command line and configuration to a command.
#include "nodes/program.hpp"

#include <cstdio>
#include <exception>

#include "config/command_line.hpp"
#include "config/completion.hpp"
#include "config/load.hpp"
#include "config/manual_page.hpp"
#include "nodes/client/client_command.hpp"
#include "nodes/coordinator/coordinator_command.hpp"
#include "nodes/doctor/doctor_command.hpp"
#include "nodes/export/export_command.hpp"
#include "nodes/gateway/gateway_command.hpp"
#include "nodes/last_words.hpp"
#include "nodes/models/models_command.hpp"
#include "nodes/run/run_command.hpp"
#include "nodes/search/search_command.hpp"
#include "nodes/service/service_command.hpp"
#include "nodes/terminal/command_end.hpp"
#include "nodes/text/embed_text_command.hpp"
#include "nodes/worker/worker_command.hpp"

namespace trainyard {
namespace {

int execute(const std::vector<std::string>& arguments) {
  const auto parsed = parse_command_line(arguments);
  if (!parsed)
    return fail_with(parsed.error());
  if (parsed->help)
    return print(*parsed->help);
  if (parsed->command == "version")
    return print("trainyard " TRAINYARD_VERSION "\n");
  if (parsed->command == "man")
    return print(manual_page(TRAINYARD_VERSION));
  if (parsed->command == "completion") {
    const auto script = completion_script(parsed->positionals.at(0));
    return script ? print(*script) : fail_with(script.error());
  }
  const auto loaded = load_settings({parsed->flags, process_environment(), parsed->config_file});
  if (!loaded)
    return fail_with(loaded.error());
  for (const auto& warning : loaded->warnings)
    std::fprintf(stderr, "warning: %s\n", warning.c_str());
  if (parsed->command == "config show")
    return print(show(*loaded, parsed->switches.contains("--origin")));
  if (parsed->command == "coordinator")
    return coordinator_command(*loaded);
  if (parsed->command == "worker")
    return worker_command(*loaded);
  if (parsed->command == "search")
    return search_command(parsed->positionals.at(0), *loaded);
  if (parsed->command == "embed-text")
    return embed_text_command(parsed->positionals, *loaded);
  if (parsed->command == "export")
    return export_command(parsed->positionals.at(0), *loaded);
  if (is_models_command(parsed->command))
    return models_command(parsed->command, parsed->positionals, *loaded);
  if (parsed->command == "doctor")
    return doctor_command(*loaded);
  if (is_service_command(parsed->command))
    return service_command(parsed->command, parsed->positionals.at(0), *loaded, parsed->config_file);
  if (parsed->command == "gateway")
    return gateway_command(*loaded);
  if (is_client_command(parsed->command))
    return client_command(parsed->command, parsed->positionals, *loaded);
  return run_command(parsed->positionals.at(0), *loaded);
}

} // namespace

int run_program(int count, char** values) {
  say_last_words();
  try {
    return execute({values + 1, values + count});
  } catch (const std::exception& error) { // a bug or a limit of the system: everything expected is a result
    return fail_with(failure_of(error));
  }
}

} // namespace trainyard
