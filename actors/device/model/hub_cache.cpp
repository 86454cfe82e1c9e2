// models--ORG--NAME/refs/main holds a commit; snapshots/COMMIT holds links into blobs/. Links are followed
// only as far as the repository's own folder.
#include "actors/device/model/hub_cache.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>

#include "actors/device/model/model_config.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "models--";
constexpr std::string_view remedy = "download it again, for example: hf download ";

bool is_part(std::string_view text) {
  return !text.empty() && text.size() <= 96 && text.front() != '.' && text.front() != '-' &&
         text.find("..") == std::string_view::npos && text.find("--") == std::string_view::npos &&
         std::ranges::all_of(
             text, [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.'; });
}

struct asked_name {
  std::string_view repository; ///< ORG/NAME
  std::string_view revision;
};
asked_name parts_of(std::string_view text) {
  const auto at = text.find('@');
  return at == std::string_view::npos ? asked_name{text, "main"}
                                      : asked_name{text.substr(0, at), text.substr(at + 1)};
}

std::string folder_name_of(std::string_view repository) {
  const auto slash = repository.find('/');
  return std::string(prefix) + std::string(repository.substr(0, slash)) + "--" +
         std::string(repository.substr(slash + 1));
}

bool is_commit(std::string_view text) {
  return text.size() >= 7 && text.size() <= 64 && std::ranges::all_of(text, [](unsigned char c) {
           return std::isdigit(c) != 0 || (c >= 'a' && c <= 'f');
         });
}

/// Empty when there is none.
std::string commit_in(const fs::path& reference) {
  std::error_code error;
  if (!fs::is_regular_file(reference, error) || fs::file_size(reference, error) > 100)
    return {};
  std::ifstream stream(reference);
  std::string commit;
  stream >> commit;
  return is_commit(commit) ? commit : std::string();
}

/// Empty when the repository has no such revision.
fs::path snapshot_of(const fs::path& repository, std::string_view revision) {
  std::error_code error;
  const auto snapshots = repository / "snapshots";
  auto commit = commit_in(repository / "refs" / revision);
  if (commit.empty() && is_commit(revision))
    commit = revision;
  if (commit.empty() || !fs::is_directory(snapshots / commit, error))
    return {};
  return snapshots / commit;
}

bool is_within(const fs::path& file, const fs::path& folder) {
  const auto [end, unused] = std::ranges::mismatch(folder, file);
  return end == folder.end();
}

bool is_read(const fs::path& file) {
  return file.extension() == ".json" || file.extension() == ".safetensors";
}

result<void> check_links(const fs::path& snapshot, const fs::path& repository, std::string_view name) {
  std::error_code error;
  const auto home = fs::canonical(repository, error);
  if (!is_within(fs::canonical(snapshot, error), home))
    return fail(failure_kind::model_invalid, snapshot.string() + " leads out of its repository's folder",
                std::string(remedy) + std::string(name));
  for (fs::directory_iterator item(snapshot, error), end; !error && item != end; item.increment(error)) {
    if (!is_read(item->path()))
      continue;
    std::error_code broken;
    const auto real = fs::canonical(item->path(), broken);
    if (broken)
      return fail(failure_kind::model_missing,
                  item->path().string() + " is a link to nothing: the download is not complete",
                  std::string(remedy) + std::string(name));
    if (!is_within(real, home))
      return fail(failure_kind::model_invalid,
                  item->path().string() + " leads out of its repository's folder, to " + real.string(),
                  std::string(remedy) + std::string(name));
  }
  return {};
}

} // namespace

bool hub_cache::is_name(std::string_view text) {
  const auto [repository, revision] = parts_of(text);
  const auto slash = repository.find('/');
  return slash != std::string_view::npos && is_part(repository.substr(0, slash)) &&
         is_part(repository.substr(slash + 1)) && is_part(revision);
}

result<fs::path> hub_cache::resolve(std::string_view text) const {
  const auto [name, revision] = parts_of(text);
  const auto missing = [&, where = name](const std::string& why) {
    return fail(failure_kind::model_missing, "model '" + std::string(text) + "' " + why,
                "trainyard downloads nothing by itself; fetch it, for example: hf download " +
                    std::string(where));
  };
  if (folder_.empty() || !is_name(text))
    return missing("is neither a folder nor in a Hugging Face cache");
  const auto repository = folder_ / folder_name_of(name);
  std::error_code error;
  if (!fs::is_directory(repository, error))
    return missing("is not in the Hugging Face cache " + folder_.string());
  const auto snapshot = snapshot_of(repository, revision);
  if (snapshot.empty())
    return missing("is in " + folder_.string() + " without the revision '" + std::string(revision) + "'");
  if (auto good = check_links(snapshot, repository, name); !good)
    return tl::unexpected(good.error());
  if (!has_model_config(snapshot))
    return missing("has no config.json in " + snapshot.string());
  return fs::absolute(snapshot, error).lexically_normal();
}

std::vector<std::string> hub_cache::names() const {
  std::vector<std::string> found;
  std::error_code error;
  if (folder_.empty())
    return found;
  for (fs::directory_iterator item(folder_, error), end; !error && item != end; item.increment(error)) {
    const auto folder = item->path().filename().string();
    const auto dashes = folder.find("--", prefix.size());
    if (!folder.starts_with(prefix) || dashes == std::string::npos)
      continue;
    const auto name = folder.substr(prefix.size(), dashes - prefix.size()) + "/" + folder.substr(dashes + 2);
    const auto snapshot = snapshot_of(item->path(), "main");
    if (is_name(name) && !snapshot.empty() && has_model_config(snapshot))
      found.push_back(name);
  }
  std::ranges::sort(found);
  return found;
}

std::string commit_of_snapshot(const fs::path& folder) {
  return folder.parent_path().filename() == "snapshots" ? folder.filename().string() : std::string();
}

std::string repository_of_snapshot(const fs::path& folder) {
  const auto repository = folder.parent_path().parent_path().filename().string();
  if (commit_of_snapshot(folder).empty() || !repository.starts_with(prefix))
    return {};
  auto name = repository.substr(prefix.size());
  if (const auto dashes = name.find("--"); dashes != std::string::npos)
    name.replace(dashes, 2, "/");
  return name;
}

} // namespace trainyard
