// Opens a file beneath a directory without openat2: one component at a time, following symlinks by itself.
#pragma once

#include <string>

#include "actors/disk/owned_fd.hpp"

namespace trainyard {

/// How every asset is opened: never waits for a FIFO's writer, never becomes a controlling terminal.
[[nodiscard]] int asset_open_flags() noexcept;

/// A descriptor, or a closed one with errno set as openat2(RESOLVE_BENEATH) sets it: EXDEV for a path that
/// leaves the root, ELOOP after 40 symlinks. No step is taken through a symlink by the kernel, so a directory
/// that is swapped for a symlink meanwhile cannot lead outside.
[[nodiscard]] owned_fd open_beneath_by_walking(int root, const std::string& relative);

} // namespace trainyard
