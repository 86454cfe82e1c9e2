// Small files on a fast disk, with times that tell their versions.
#include "tests/simulation/photo_folder.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>

#include "actors/disk/sha256.hpp"
#include "messages/failure.hpp"
#include "tests/support/made_results.hpp"

namespace trainyard::simulation {

namespace {

std::uint64_t number_of(const std::string& path, std::int64_t version) {
  std::uint64_t mixed = 0xcbf29ce484222325ULL; // FNV-1a: the same on every system
  for (const char byte : path + "#" + std::to_string(version))
    mixed = (mixed ^ static_cast<unsigned char>(byte)) * 0x100000001b3ULL;
  return mixed;
}

/// Its length may be that of another version.
std::string content_of(const std::string& path, std::int64_t version) {
  random_source random(number_of(path, version));
  std::string content(20 + random.below(3), ' ');
  for (auto& byte : content)
    byte = static_cast<char>(random.next());
  return content;
}

} // namespace

batch_result outcome_of(const work_batch& work) {
  auto done = testing::made_result(work);
  for (std::size_t i = 0; i < done.embedded.size(); ++i) {
    auto& each = done.embedded[i];
    const auto& asset = work.assets[each.position];
    const auto version = version_of(asset.mtime_ns);
    const auto angle = static_cast<float>(number_of(asset.path, version) % 100'000) / 10'000.0F;
    const float row[4] = {std::cos(angle), std::sin(angle), 0, 0};
    std::memcpy(done.vectors.bytes.data() + i * sizeof row, row, sizeof row);
    const auto digest = sha256_of(content_of(asset.path, version));
    each.sha256.bytes.assign(reinterpret_cast<const std::byte*>(digest.data()),
                             reinterpret_cast<const std::byte*>(digest.data()) + digest.size());
  }
  return done;
}

void photo_folder::add(const std::string& path, std::int64_t mtime_ns) {
  const auto file = directory_ / path;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << content_of(path, version_of(mtime_ns));
  const timespec times[2] = {{0, mtime_ns}, {0, mtime_ns}};
  ::utimensat(AT_FDCWD, file.c_str(), times, 0);
  photos_[path] = mtime_ns;
}

void photo_folder::remove(const std::string& path) {
  std::filesystem::remove(directory_ / path);
  photos_.erase(path);
}

void photo_folder::change(const photo_changes& chances, random_source& random) {
  const auto before = photos_;
  for (const auto& [path, mtime_ns] : before) {
    if (random.chance(chances.vanished))
      remove(path);
    else if (random.chance(chances.changed) && !is_bad(path) && !is_poison(path))
      add(path, (version_of(mtime_ns) + 1) * 1'000);
    else if (random.chance(chances.touched))
      add(path, mtime_ns + 1);
    if (random.chance(chances.added))
      add("new" + std::to_string(added_++) + path.substr(path.rfind('/') + 1), 1'000);
  }
}

std::vector<listed_asset> photo_folder::listing() const {
  std::vector<listed_asset> all;
  for (const auto& [path, mtime_ns] : photos_)
    all.push_back({path, content_of(path, version_of(mtime_ns)).size(), mtime_ns});
  std::ranges::sort(all, path_before, &listed_asset::path);
  return all;
}

} // namespace trainyard::simulation
