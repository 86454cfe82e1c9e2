// A directory of small files, and runs on it as a session makes them, without actors: results follow from the
// files' contents, and a file fails whose content begins with "bad".
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "actors/coordinator/session_keeper.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard::testing {

/// What users see of one image.
struct seen_row {
  std::string vector;
  std::string sha256;
  bool operator==(const seen_row&) const = default;
};

struct seen_output {
  std::map<std::string, seen_row> rows; ///< by image_path; a path twice fails the test
  std::map<std::string, int> failures;  ///< by name: lines
  bool operator==(const seen_output&) const = default;
};

struct update_world {
  temp_dir dir;
  std::filesystem::path out = dir.path() / "out";
  bool prune = false;
  bool retry_failed = false;

  [[nodiscard]] std::filesystem::path photos() const { return dir.path() / "photos"; }
  /// Of a time of its own, later than all before.
  void write(const std::string& name, const std::string& content);
  void touch(const std::string& name);
  void remove(const std::string& name) const;

  [[nodiscard]] session_config config() const;
  /// From opening to session.json. Stops after `most` batches when they are fewer than needed, as a kill
  /// would.
  result<std::optional<changes_report>> run(std::uint64_t most = ~0ULL);
  /// Batches that the last run had embedded.
  std::uint64_t batches = 0;

  /// Reads `out` as users do; fails the test where npy, parquet, session.json and failures.jsonl disagree.
  [[nodiscard]] seen_output seen() const;
  /// What a run into a new folder makes of the directory.
  [[nodiscard]] seen_output fresh() const;
  /// All bytes of what users see, by name.
  [[nodiscard]] std::map<std::string, std::string> visible_bytes() const;

private:
  void set_time(const std::filesystem::path& file);
  result<bool> work(session_keeper& keeper, std::uint64_t most);
  int seconds_ = 0;
};

} // namespace trainyard::testing
