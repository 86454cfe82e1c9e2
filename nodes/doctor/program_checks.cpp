// Names and versions; a nats-server tells its own.
#include "nodes/doctor/program_checks.hpp"

#include <array>
#include <cstdio>
#include <memory>

#include "nodes/doctor/loaded_libraries.hpp"
#include "nodes/doctor/server_version.hpp"
#include "nodes/nats/server_files.hpp"
#include "nodes/nats/server_greeting.hpp"
#include "nodes/program_path.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;

/// Those whose version or place explains most of what goes wrong.
constexpr std::array told_libraries{"libtorch_cpu", "libtorch_cuda",  "libnats",     "libcaf_core",
                                    "libarrow.",    "libopencv_core", "libturbojpeg"};

/// What `program --version` says; empty where it cannot be run.
std::string version_text_of(const fs::path& program) {
  std::string quoted;
  for (const char each : program.string())
    each == '\'' ? quoted += "'\\''" : quoted += each;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(
      ::popen(("'" + quoted + "' --version </dev/null 2>/dev/null").c_str(), "r"), ::pclose);
  std::array<char, 256> text{};
  return out && std::fgets(text.data(), static_cast<int>(text.size()), out.get()) ? text.data() : "";
}

} // namespace

finding on_program() {
  return good("program", "trainyard " TRAINYARD_VERSION ", " + program_path().string());
}

finding on_libraries() {
  std::string text;
  for (const auto& each : loaded_libraries())
    for (const auto* told : told_libraries)
      if (each.filename().string().starts_with(told))
        text += (text.empty() ? "" : ", ") + each.string();
  const auto nats = nats_client_library();
  text += "; NATS client " + nats.running;
  if (nats.running == nats.built_with)
    return good("libraries", text);
  return warning("libraries", text + ", and trainyard was built with " + nats.built_with,
                 "build trainyard again (ops/run does), or install " + nats.built_with);
}

finding on_server_program(const settings& from) {
  const auto wanted = from.is_auto("paths.nats_server") ? fs::path() : from.path("paths.nats_server");
  const auto found = find_nats_server(wanted);
  if (!found)
    return bad("nats-server", found.error());
  const auto version = server_version_in(version_text_of(*found));
  if (!version)
    return bad("nats-server", {failure_kind::nats_server_missing,
                               found->string() + " does not tell its version", "give --nats-server PATH"});
  return on_server_version("nats-server", *version, "at " + found->string(), server_use::of_a_run);
}

} // namespace trainyard
