// Streams the images below a root in path_before order, with only the open directories' names in memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/stat.h>

#include "actors/coordinator/listed_asset.hpp"
#include "actors/coordinator/name_window.hpp"
#include "actors/disk/owned_fd.hpp"
#include "messages/failure.hpp"

namespace trainyard {

struct walk_options {
  std::string resume_after = {}; ///< list only what path_before puts after this; empty: all
  std::vector<std::filesystem::path> exclude =
      {};                                   ///< absolute; not entered, told by device and inode when opened
  std::size_t names_in_memory = 256 * 1024; ///< of one directory; up to twice that while it is read
  std::size_t longest_directory_bytes = 4'096; ///< a directory with a longer path is listed as unreadable
  std::size_t open_directories = 32;           ///< descriptors held; deeper trees reopen on the way up
  bool tell_doubtful = false; ///< for whoever knows what was there: list sight::doubtful entries too
};

/// What is listed: every entry but a directory whose name has an image extension (a pipe or a broken link
/// too, so that it ends as a visible failure; it is never opened here), every regular file whose first bytes
/// are an image's, and every directory that cannot be read, as "dir/". Names that start with "._"
/// (AppleDouble) and directories named ".trainyard" are passed over. Links to directories are not followed.
/// What vanishes while the walk runs is left out without a word. A link's size and time are its target's
/// where that exists, as that is what a reader will see; where it is away, or the system cannot tell of an
/// entry, the entry is listed as seen in part. Not thread safe; every call may block on the file
/// system.
class directory_walk {
public:
  /// input_missing where `root` is no directory that can be read. `root` itself may be a link, and is walked
  /// even when `exclude` names it.
  [[nodiscard]] static result<directory_walk> open(const std::filesystem::path& root,
                                                   walk_options options = {});

  /// The next image; nothing at the end, and from then on. A failure is of the process (no descriptors, no
  /// memory) or of the root, never of one entry; go on with a new walk that resumes after the last path.
  [[nodiscard]] result<std::optional<listed_asset>> next();
  /// Entries passed over so far as no images, those of passed-over directories not counted. After
  /// resume_after it counts what stands after it only.
  [[nodiscard]] std::uint64_t ignored() const { return ignored_; }
  /// The root with every link resolved.
  [[nodiscard]] const std::filesystem::path& root() const { return root_; }

private:
  struct inode {
    dev_t device;
    ino_t number;
    bool operator==(const inode&) const = default;
  };
  struct level {
    owned_fd fd;                 ///< empty while too many others are open
    std::size_t path_length = 0; ///< of prefix_, up to and with this directory's '/'
    name_window names;
  };
  using found_asset = std::optional<listed_asset>;

  directory_walk() = default;
  [[nodiscard]] result<found_asset> visit(const std::string& name);
  [[nodiscard]] result<found_asset> visit_directory(const std::string& name, const struct stat& found);
  [[nodiscard]] result<found_asset> visit_file(const std::string& name, struct stat found);
  [[nodiscard]] result<found_asset> enter(owned_fd fd, std::string path, const struct stat& found);
  /// Nothing where it could not be told.
  [[nodiscard]] result<std::optional<bool>> is_image(const std::string& name) const;
  [[nodiscard]] result<bool> reopen_deepest();
  [[nodiscard]] std::string first_name_in(std::string_view path) const;
  [[nodiscard]] found_asset listed(std::string path, const struct stat& found,
                                   sight seen = sight::whole) const;
  [[nodiscard]] bool is_excluded(const struct stat& found) const;
  [[nodiscard]] tl::unexpected<failure> broken_off(int error, const std::string& path) const;
  [[nodiscard]] int directory() const { return levels_.back().fd.get(); }
  void leave();

  std::filesystem::path root_;
  owned_fd root_fd_;
  walk_options options_;
  std::vector<inode> excluded_;
  std::vector<level> levels_;
  std::string prefix_; ///< the open directory's relative path, ending in '/', or empty
  std::uint64_t ignored_ = 0;
};

} // namespace trainyard
