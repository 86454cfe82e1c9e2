// System calls that ask and change nothing.
#include "nodes/doctor/machine_checks.hpp"

#include <cerrno>
#include <cstdlib>

#include <sys/resource.h>
#include <unistd.h>

#include "actors/device/memory/process_memory.hpp"
#include "config/list_value.hpp"
#include "config/load.hpp"
#include "config/places.hpp"
#include "nodes/system_room.hpp"
#include "nodes/terminal/units.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t gibibyte = 1ULL << 30U;
constexpr std::uint64_t least_ram = 2 * gibibyte; ///< a run on a CPU took 0.5 GiB, a large image as much

fs::path nearest_that_is_there(const fs::path& path) {
  std::error_code error;
  auto at = fs::absolute(path, error).lexically_normal();
  while (!at.empty() && !fs::exists(at, error) && at != at.parent_path())
    at = at.parent_path();
  return at;
}

fs::path temporary_folder() {
  const char* given = std::getenv("TMPDIR");
  return given && *given ? given : "/tmp";
}

void look_at_roots(findings& all, const settings& from, std::string_view key, const std::string& flag) {
  for (const auto& [name, path] : named_paths(from.list(key)))
    all.push_back(on_readable_folder("root " + name, path, "correct " + flag + " " + name + "=PATH"));
}

} // namespace

finding on_limits(const settings& from, std::string_view role) {
  const bool embeds = role == "run" || role == "worker";
  const auto needed = embeds ? room_of(from) : room_needed{24, 64};
  if (const auto room = find_room(needed); !room)
    return bad("limits", room.error());
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  return good("limits",
              std::to_string(needed.threads) + " threads and " + std::to_string(needed.descriptors) +
                  " open files can be had (limit of open files: " + std::to_string(files.rlim_cur) + ")");
}

finding on_memory() {
  const auto ram = usable_ram_bytes();
  if (ram == 0)
    return unknown("memory", "the system does not say how much there is");
  if (ram < least_ram)
    return warning("memory", bytes_text(ram) + " for this process, which is little",
                   "raise the container's or service's limit, or lower --decode-threads");
  return good("memory", bytes_text(ram) + " for this process");
}

finding on_writable_folder(const std::string& check, const fs::path& path, std::uintmax_t room) {
  const auto at = nearest_that_is_there(path);
  const auto text =
      path.string() + (at == fs::absolute(path).lexically_normal() ? "" : ", to be made in " + at.string());
  std::error_code error;
  if (!fs::is_directory(at, error))
    return bad(check,
               {failure_kind::output_unwritable, at.string() + " is no folder", "give another folder"});
  if (::access(at.c_str(), W_OK | X_OK) != 0)
    return bad(check, {failure_kind::output_unwritable, text + ": " + errno_text(errno),
                       "choose another folder, or change its rights"});
  const auto space = fs::space(at, error);
  if (error)
    return unknown(check, text + ", with room that cannot be told: " + error.message());
  const auto full = text + ", " + bytes_text(space.available) + " free";
  if (space.available < room)
    return warning(check, full, "free some room: " + bytes_text(room) + " are little enough");
  return good(check, full);
}

finding on_readable_folder(const std::string& check, const fs::path& path, const std::string& remedy) {
  std::error_code error;
  if (!fs::is_directory(path, error) || ::access(path.c_str(), R_OK | X_OK) != 0)
    return bad(check,
               {failure_kind::input_missing, path.string() + " is no folder that can be opened", remedy});
  return good(check, path.string());
}

void look_at_folders(findings& all, const settings& from, std::string_view role) {
  if (role == "run") {
    all.push_back(on_writable_folder("output", from.path("run.out"), gibibyte));
    all.push_back(on_writable_folder("temporary", temporary_folder(), 2 * gibibyte));
  }
  if (role == "coordinator") {
    all.push_back(on_writable_folder("output root", from.path("cluster.output_root"), gibibyte));
    look_at_roots(all, from, "images.remote_root", "--remote-root");
  }
  if (role == "coordinator" || role == "worker")
    look_at_roots(all, from, "cluster.root", "--root");
  if (role == "run" || role == "worker") {
    const auto state = state_folder(from, process_environment());
    all.push_back(state.empty() ? unknown("state", "there is no home folder: what is learned is not kept")
                                : on_writable_folder("state", state, 1U << 20U));
  }
}

} // namespace trainyard
