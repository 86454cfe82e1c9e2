// A directory that is opened once; files are opened strictly beneath it, whatever symlinks stand in between.
#pragma once

#include <string>

#include "actors/disk/owned_fd.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// How a relative path is followed. Both give the same answers; `walk` is what kernels without openat2 get.
enum class path_resolution { kernel_first, walk };

/// Immutable after open(): any thread may call open_file at any time.
class root_directory {
public:
  /// input_missing when `path` is no directory that can be opened.
  [[nodiscard]] static result<root_directory> open(const std::string& path,
                                                   path_resolution how = path_resolution::kernel_first);

  /// A regular file for reading, by a path relative to the root. Symlinks work as long as every step stays
  /// beneath the root; an absolute symlink counts as leaving it, even where it points back inside. Never
  /// blocks on a FIFO or device: those are asset_not_a_file. A path that ends in "/" is how a listing names a
  /// directory it could not read: asset_denied.
  [[nodiscard]] result<owned_fd> open_file(const std::string& relative) const;

  /// False where the path leads to another directory by now, or to none: a share was mounted over it or has
  /// gone, and what is missing beneath says nothing of the images.
  [[nodiscard]] bool is_at_its_path() const;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

private:
  root_directory(std::string path, owned_fd directory, path_resolution how)
      : path_(std::move(path)), directory_(std::move(directory)), how_(how) {}

  std::string path_;
  owned_fd directory_;
  path_resolution how_;
};

} // namespace trainyard
