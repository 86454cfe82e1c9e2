// Lengths that are synced, names that are not, and what a power cut makes of both.
#include "tests/simulation/simulated_disk.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>

#include <sys/resource.h>

#include "tests/simulation/simulated_process.hpp"

namespace trainyard::simulation {

namespace {

namespace fs = std::filesystem;

simulated_disk* current = nullptr;

std::uint64_t size_of(const fs::path& path) {
  std::error_code none;
  const auto size = fs::file_size(path, none);
  return none ? 0 : size;
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

} // namespace

simulated_disk::simulated_disk(fs::path root) : root_(std::move(root)), stashes_(root_ / "stashes") {
  std::signal(SIGXFSZ, SIG_IGN); // else a full disk ends the test
  fs::create_directories(stashes_);
  current = this;
  static void (*const observe)(disk_step, const fs::path&) = [](disk_step what, const fs::path& path) {
    if (current != nullptr)
      current->before(what, path);
  };
  observe_disk(observe);
}

simulated_disk::~simulated_disk() {
  observe_disk(nullptr);
  current = nullptr;
  room_for_writes(true);
}

/// The limit of a file's size: a write beyond it fails as on a full disk, on every system.
void simulated_disk::room_for_writes(bool there) {
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = there ? limit.rlim_max : 0;
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

void simulated_disk::before(disk_step what, const fs::path& path) {
  if (muted_)
    return;
  settle();
  const bool in_a_destructor = what == disk_step::remove && path.extension() == ".tmp";
  if (doom_ && !in_a_destructor && (*doom_)-- == 0) {
    doom_.reset();
    throw process_killed{};
  }
  last_ = step{what, path, {}, is_there(path)};
  if (what == disk_step::write)
    synced_.try_emplace(path, size_of(path)); // one that was durable as it is
  if (what == disk_step::write && full_)
    room_for_writes(false); // until settle()
  if (last_->existed && (what == disk_step::rename || what == disk_step::remove))
    last_->stash = stash(path);
}

void simulated_disk::settle() {
  if (!last_)
    return;
  const auto done = std::move(*last_);
  last_.reset();
  if (full_ && done.what == disk_step::write)
    room_for_writes(true);
  auto& names = names_[done.path.parent_path()];
  switch (done.what) {
  case disk_step::create:
    if (!done.existed && is_there(done.path)) {
      synced_[done.path] = 0;
      names.push_back({name_change::made, done.path, {}, {}});
    }
    return;
  case disk_step::make_directory:
    if (!done.existed)
      names.push_back({name_change::made, done.path, {}, {}});
    return;
  case disk_step::write:
    return;
  case disk_step::truncate:
    if (const auto known = synced_.find(done.path); known != synced_.end())
      known->second = std::min(known->second, size_of(done.path));
    return;
  case disk_step::sync:
    if (lies && lies(done.what, done.path))
      return;
    synced_[done.path] = size_of(done.path);
    if (on_synced) {
      muted_ = true; // it may read the file as the product does
      on_synced(done.path);
      muted_ = false;
    }
    return;
  case disk_step::sync_directory:
    if (!lies || !lies(done.what, done.path))
      names_.erase(done.path);
    return;
  case disk_step::rename: {
    const auto from = temporary_of(done.path);
    const auto known = synced_.find(from);
    synced_[done.path] = known == synced_.end() ? size_of(done.path) : known->second;
    synced_.erase(from);
    names.push_back({name_change::renamed, done.path, from, done.stash});
    return;
  }
  case disk_step::remove:
    names.push_back({name_change::removed, done.path, {}, done.stash});
    return;
  }
}

fs::path simulated_disk::stash(const fs::path& path) {
  auto at = stashes_ / std::to_string(next_stash_++);
  std::error_code ignored;
  fs::create_hard_link(path, at, ignored);
  return at;
}

void simulated_disk::without_clean_up(const std::function<void()>& how) {
  settle();
  muted_ = true;
  std::vector<std::pair<fs::path, fs::path>> kept;
  for (const auto& each : fs::recursive_directory_iterator(root_))
    if (each.path().extension() == ".tmp")
      kept.emplace_back(each.path(), stash(each.path()));
  how();
  for (const auto& [path, copy] : kept)
    if (!is_there(path))
      fs::create_hard_link(copy, path);
  muted_ = false;
}

void simulated_disk::cut_power(random_source& random) {
  settle();
  for (auto& [directory, changes] : names_) {
    auto kept = random.below(changes.size() + 1); // a journal is lost from its end
    for (; changes.size() > kept; changes.pop_back())
      undo(changes.back());
  }
  names_.clear();
  for (const auto& [path, synced] : synced_)
    if (is_there(path))
      tear(path, synced, random);
  synced_.clear();
}

void simulated_disk::rot(random_source& random, std::string_view names_start) {
  settle();
  std::vector<fs::path> files;
  for (const auto& each : fs::recursive_directory_iterator(root_))
    if (each.path().filename().native().starts_with(names_start) && size_of(each.path()) > 0)
      files.push_back(each.path());
  if (files.empty())
    return;
  std::ranges::sort(files);
  const auto& chosen = files[random.below(files.size())];
  const auto at = static_cast<std::streamoff>(random.below(size_of(chosen)));
  std::fstream file(chosen, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(at);
  const auto flipped = static_cast<char>(file.get() ^ 1 << random.below(8));
  file.seekp(at);
  file.put(flipped);
}

void simulated_disk::undo(const unsynced_name& change) {
  std::error_code ignored;
  if (change.what == name_change::made) {
    fs::remove_all(change.path, ignored);
    return;
  }
  if (change.what == name_change::renamed) {
    fs::rename(change.path, change.from, ignored);
    synced_[change.from] = synced_[change.path];
    synced_.erase(change.path);
  }
  if (!change.stash.empty() && !is_there(change.path))
    fs::create_hard_link(change.stash, change.path, ignored);
}

void simulated_disk::tear(const fs::path& path, std::uint64_t synced, random_source& random) const {
  const auto written = size_of(path);
  if (written <= synced)
    return;
  const auto kept = random.between(synced, written);
  switch (random.below(3)) {
  case 0: // the length did not reach the medium
    fs::resize_file(path, kept);
    return;
  case 1: // the length did, some of the content did not
    fs::resize_file(path, kept);
    fs::resize_file(path, written);
    return;
  default: { // neither order nor place of what arrived is known
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(kept));
    for (auto at = kept; at < written; ++at)
      file.put(static_cast<char>(random.next()));
  }
  }
}

} // namespace trainyard::simulation
