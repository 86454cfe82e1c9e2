// Search orders, as plain lists of paths.
#include "config/places.hpp"

#include <algorithm>
#include <string_view>

namespace trainyard {
namespace {

std::filesystem::path absolute_or_empty(const environment& variables, std::string_view name) {
  const auto found = variables.find(name);
  if (found == variables.end() || !found->second.starts_with('/'))
    return {};
  return found->second;
}

} // namespace

std::vector<std::filesystem::path> model_folders(const settings& of, const environment& variables,
                                                 const std::filesystem::path& program) {
  if (!of.is_auto("paths.models_dir"))
    return {of.path("paths.models_dir")};
  std::vector<std::filesystem::path> folders;
  auto above = program.parent_path();
  for (int level = 0; level < 3; ++level, above = above.parent_path())
    folders.push_back(above / "models");
  if (const auto xdg = absolute_or_empty(variables, "XDG_DATA_HOME"); !xdg.empty())
    folders.push_back(xdg / "trainyard/models");
  else if (const auto home = absolute_or_empty(variables, "HOME"); !home.empty()) {
#ifdef __APPLE__
    folders.push_back(home / "Library/Application Support/trainyard/models");
#else
    folders.push_back(home / ".local/share/trainyard/models");
#endif
  }
  return folders;
}

std::vector<std::filesystem::path> nats_server_files(const settings& of, const environment& variables) {
  if (!of.is_auto("paths.nats_server"))
    return {of.path("paths.nats_server")};
  std::vector<std::filesystem::path> files;
  const auto path = variables.find("PATH");
  std::string_view rest = path == variables.end() ? std::string_view{} : path->second;
  while (!rest.empty()) {
    const auto folder = rest.substr(0, rest.find(':'));
    // An empty or relative entry means the current folder, which is no place to take a server from.
    if (folder.starts_with('/'))
      files.push_back(std::filesystem::path(folder) / "nats-server");
    rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
  }
  for (const auto* folder : {"/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin"})
    files.push_back(std::filesystem::path(folder) / "nats-server");
  return files;
}

} // namespace trainyard
