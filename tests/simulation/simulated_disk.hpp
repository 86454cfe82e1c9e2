// Real files that a power cut tears: what was not synced is cut, zeroed or scrambled, names that were not
// synced are as before.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "actors/disk/durable_file.hpp"
#include "tests/simulation/random_source.hpp"

namespace trainyard::simulation {

/// Sees every step that the product takes below `root`, through the seam in actors/disk. One at a time in a
/// process.
class simulated_disk {
public:
  explicit simulated_disk(std::filesystem::path root);
  ~simulated_disk();
  simulated_disk(const simulated_disk&) = delete;
  simulated_disk& operator=(const simulated_disk&) = delete;

  /// The process that takes that many steps more is killed (process_killed is thrown).
  void kill_after(std::uint64_t steps) { doom_ = steps; }
  void spare() { doom_.reset(); }
  /// No write finds room any more, or all do.
  void fill(bool full) {
    settle();
    full_ = full;
  }
  /// A killed process's objects are destroyed within `how`: the files that their destructors remove stay.
  void without_clean_up(const std::function<void()>& how);
  /// One bit of one such file is not what was written.
  void rot(random_source& random, std::string_view names_start);
  /// No process uses the disk any more.
  void cut_power(random_source& random);

  /// Lies told on order: the sync of such files, or of directories, has no effect.
  std::function<bool(disk_step, const std::filesystem::path&)> lies;
  /// The file's content is durable now.
  std::function<void(const std::filesystem::path&)> on_synced;
  /// Completes what the last step was.
  void settle();

private:
  enum class name_change { made, renamed, removed };
  struct unsynced_name {
    name_change what;
    std::filesystem::path path;
    std::filesystem::path from;  ///< of a rename
    std::filesystem::path stash; ///< what the path named before; empty: nothing
  };
  struct step {
    disk_step what;
    std::filesystem::path path;
    std::filesystem::path stash;
    bool existed = false;
  };

  void before(disk_step what, const std::filesystem::path& path);
  static void room_for_writes(bool there);
  [[nodiscard]] std::filesystem::path stash(const std::filesystem::path& path);
  void undo(const unsynced_name& change);
  void tear(const std::filesystem::path& path, std::uint64_t synced, random_source& random) const;

  std::filesystem::path root_;
  std::filesystem::path stashes_;
  std::uint64_t next_stash_ = 0;
  std::optional<step> last_;
  std::map<std::filesystem::path, std::uint64_t> synced_; ///< bytes; files not in it are durable as they are
  std::map<std::filesystem::path, std::vector<unsynced_name>> names_; ///< by directory, oldest first
  std::optional<std::uint64_t> doom_;
  bool full_ = false;
  bool muted_ = false;
};

} // namespace trainyard::simulation
