// The pictures of one seed as real files, which the product walks and compares, and what must become of each.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "actors/coordinator/listed_asset.hpp"
#include "messages/wire.hpp"
#include "tests/simulation/random_source.hpp"

namespace trainyard::simulation {

/// A path says what its picture is: "bad" in it: cannot be decoded; "psn": ends the process that embeds it.
[[nodiscard]] inline bool is_bad(const std::string& path) {
  return path.find("bad") != std::string::npos;
}
[[nodiscard]] inline bool is_poison(const std::string& path) {
  return path.find("psn") != std::string::npos;
}
/// Of a content; the time of its file tells it, and may tell another time of the same content.
[[nodiscard]] inline std::int64_t version_of(std::int64_t mtime_ns) {
  return mtime_ns / 1'000;
}

/// What a device makes of it: vectors and hashes follow from paths and versions, poison fails.
[[nodiscard]] batch_result outcome_of(const work_batch& work);

struct photo_changes {
  double added = 0;
  double changed = 0;
  double touched = 0;
  double vanished = 0;
};

class photo_folder {
public:
  explicit photo_folder(std::filesystem::path directory) : directory_(std::move(directory)) {}

  void add(const std::string& path, std::int64_t mtime_ns);
  /// Each of them with its chance; poison and what cannot be decoded only vanishes or is touched.
  void change(const photo_changes& chances, random_source& random);

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }
  /// In the order of every listing.
  [[nodiscard]] std::vector<listed_asset> listing() const;

private:
  void remove(const std::string& path);

  std::filesystem::path directory_;
  std::map<std::string, std::int64_t> photos_; ///< path -> time
  std::uint64_t added_ = 0;
};

} // namespace trainyard::simulation
