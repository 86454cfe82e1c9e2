// Search orders, as plain lists of paths.
#include "config/places.hpp"

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

std::filesystem::path hub_folder(const environment& variables) {
  if (auto cache = absolute_or_empty(variables, "HF_HUB_CACHE"); !cache.empty())
    return cache;
  if (const auto home = absolute_or_empty(variables, "HF_HOME"); !home.empty())
    return home / "hub";
  if (const auto xdg = absolute_or_empty(variables, "XDG_CACHE_HOME"); !xdg.empty())
    return xdg / "huggingface/hub";
  const auto home = absolute_or_empty(variables, "HOME");
  return home.empty() ? home : home / ".cache/huggingface/hub";
}

std::filesystem::path state_folder(const settings& of, const environment& variables) {
  if (!of.is_auto("paths.state_dir"))
    return of.path("paths.state_dir");
  if (const auto xdg = absolute_or_empty(variables, "XDG_STATE_HOME"); !xdg.empty())
    return xdg / "trainyard";
  const auto home = absolute_or_empty(variables, "HOME");
  if (home.empty())
    return {};
#ifdef __APPLE__
  return home / "Library/Application Support/trainyard/state";
#else
  return home / ".local/state/trainyard";
#endif
}

} // namespace trainyard
