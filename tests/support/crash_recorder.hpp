// Copies of a folder as it stands before each step that its writer takes on the disk: what a crash there
// leaves.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "actors/disk/durable_file.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard::testing {

/// One at a time looks. With `cut_power`, what was not synced is lost too: such files are cut to their synced
/// length.
struct crash_recorder {
  explicit crash_recorder(bool cut_power = false) : power_cut(cut_power) {
    std::filesystem::create_directory(copies);
  }
  crash_recorder(const crash_recorder&) = delete;
  crash_recorder& operator=(const crash_recorder&) = delete;
  ~crash_recorder() { look_away(); }

  temp_dir dir;
  std::filesystem::path out = dir.path() / "out";
  std::filesystem::path copies = dir.path() / "copies";
  bool power_cut;
  std::map<std::filesystem::path, std::uint64_t> synced_bytes;
  std::filesystem::path syncing;
  std::vector<std::filesystem::path> taken;
  std::vector<std::pair<disk_step, std::filesystem::path>> steps;

  /// From now on; what stands in `out` by now is durable.
  void look() {
    if (std::filesystem::exists(out))
      for (const auto& each : std::filesystem::recursive_directory_iterator(out))
        if (each.is_regular_file())
          synced_bytes[each.path()] = each.file_size();
    looking = this;
    observe_disk([](disk_step step, const std::filesystem::path& file) { looking->see(step, file); });
  }
  void look_away() {
    if (looking == this)
      observe_disk(nullptr);
    looking = nullptr;
  }

private:
  static inline crash_recorder* looking = nullptr;

  void see(disk_step step, const std::filesystem::path& file) {
    namespace fs = std::filesystem;
    if (!syncing.empty()) // that step is done by now
      synced_bytes[syncing] = fs::file_size(syncing);
    syncing.clear();
    if (fs::exists(out))
      copy();
    steps.emplace_back(step, file);
    if (step == disk_step::sync)
      syncing = file;
    if (step == disk_step::rename)
      synced_bytes[file] = synced_bytes[source_of(file)];
    if (step == disk_step::remove || (step == disk_step::create && !fs::exists(file)))
      synced_bytes.erase(file);
  }

  /// What is about to be renamed to `file`: its temporary file, or what a sweep made of failures.jsonl.
  [[nodiscard]] std::filesystem::path source_of(const std::filesystem::path& file) const {
    if (std::filesystem::exists(temporary_of(file)))
      return temporary_of(file);
    for (const auto& each : std::filesystem::directory_iterator(out / ".trainyard"))
      if (each.path().filename().string().starts_with("failures-"))
        return each.path();
    return file;
  }

  void copy() {
    namespace fs = std::filesystem;
    const auto to = copies / std::to_string(taken.size());
    fs::copy(out, to, fs::copy_options::recursive);
    taken.push_back(to);
    if (!power_cut)
      return;
    for (const auto& each : fs::recursive_directory_iterator(out))
      if (each.is_regular_file() && synced_bytes[each.path()] < each.file_size())
        fs::resize_file(to / fs::relative(each.path(), out), synced_bytes[each.path()]);
  }
};

} // namespace trainyard::testing
