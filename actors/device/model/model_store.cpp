// Names to folders. A name never leaves the store's folders: it may hold no separator.
#include "actors/device/model/model_store.hpp"

#include <algorithm>
#include <set>

#include "actors/device/model/model_config.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;

bool is_model(const fs::path& folder) {
  return has_model_config(folder);
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

result<fs::path> model_store::resolve(std::string_view name_or_folder) const {
  if (name_or_folder.empty() || name_or_folder.find('\0') != std::string_view::npos)
    return fail(failure_kind::model_missing, "the model's name is empty or holds a zero byte",
                "known: " + joined(names(), "none"));
  std::error_code ignored;
  if (hub_cache::is_name(name_or_folder) && !fs::exists(fs::path(name_or_folder), ignored))
    return hub_.resolve(name_or_folder);
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
      if (is_model(item->path()) && !item->path().filename().string().starts_with("."))
        found.insert(item->path().filename().string());
  }
  return {found.begin(), found.end()};
}

} // namespace trainyard
