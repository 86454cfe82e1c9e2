// Names to folders. A name never leaves the store's folders: it may hold no separator.
#include "actors/device/model/model_store.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace trainyard {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool is_model(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / "config.json", ignored);
}

bool is_path(std::string_view text) {
  return text.find('/') != std::string_view::npos || text == "." || text == "..";
}

/// Without a trailing separator, so that filename() is the model's name.
fs::path tidy(const fs::path& folder) {
  std::error_code ignored;
  const auto absolute = fs::absolute(folder, ignored).lexically_normal();
  return absolute.has_filename() ? absolute : absolute.parent_path();
}

result<fs::path> existing_folder(std::string_view text) {
  const fs::path folder(text);
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored))
    return fail(failure_kind::model_missing, "model folder '" + folder.string() + "' does not exist",
                "name a folder with config.json and model.safetensors, or a model of the store");
  if (!is_model(folder))
    return fail(failure_kind::model_missing, "folder '" + folder.string() + "' has no config.json",
                "name a folder with config.json and model.safetensors");
  return tidy(folder);
}

std::string joined(const std::vector<std::string>& texts, const char* none) {
  std::string all;
  for (const auto& text : texts)
    all += (all.empty() ? "" : ", ") + text;
  return all.empty() ? none : all;
}

} // namespace

model_store model_store::from_environment(const fs::path& built_in) {
  std::vector<fs::path> folders;
  if (const auto set = variable("TRAINYARD_MODELS"); !set.empty())
    folders.emplace_back(set);
  if (const auto data = variable("XDG_DATA_HOME"); !data.empty() && fs::path(data).is_absolute())
    folders.push_back(fs::path(data) / "trainyard/models");
  if (const auto home = variable("HOME"); !home.empty())
    folders.push_back(fs::path(home) / ".local/share/trainyard/models");
  if (!built_in.empty())
    folders.push_back(built_in);
  return model_store(std::move(folders));
}

result<fs::path> model_store::resolve(std::string_view name_or_folder) const {
  if (name_or_folder.empty() || name_or_folder.find('\0') != std::string_view::npos)
    return fail(failure_kind::model_missing, "the model's name is empty or holds a zero byte",
                "known: " + joined(names(), "none"));
  if (is_path(name_or_folder))
    return existing_folder(name_or_folder);
  for (const auto& folder : folders_)
    if (is_model(folder / name_or_folder))
      return tidy(folder / name_or_folder);
  std::vector<std::string> places;
  for (const auto& folder : folders_)
    places.push_back(folder.string());
  return fail(failure_kind::model_missing,
              "model '" + std::string(name_or_folder) + "' is not in " + joined(places, "any store folder"),
              "known: " + joined(names(), "none") + "; or name a folder by its path");
}

std::vector<std::string> model_store::names() const {
  std::set<std::string> found;
  for (const auto& folder : folders_) {
    std::error_code error;
    for (fs::directory_iterator item(folder, error), end; !error && item != end; item.increment(error))
      if (is_model(item->path()))
        found.insert(item->path().filename().string());
  }
  return {found.begin(), found.end()};
}

} // namespace trainyard
