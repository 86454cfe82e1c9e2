// Whole files in and out of memory, for tests that damage them.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/child_process.hpp"

namespace trainyard::testing {

inline void replace_content(const std::filesystem::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary | std::ios::trunc)
      .write(content.data(), static_cast<std::streamsize>(content.size()));
}

/// Every descriptor that this process has on `file` becomes a pipe's, for which the system refuses to sync.
inline void break_sync_of(const std::filesystem::path& file) {
  struct stat wanted {};
  ASSERT_EQ(::stat(file.c_str(), &wanted), 0);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  for (int fd = 3; fd < 256; ++fd) {
    struct stat found {};
    if (::fstat(fd, &found) == 0 && found.st_ino == wanted.st_ino && found.st_dev == wanted.st_dev)
      ::dup2(ends[1], fd);
  }
  ::close(ends[0]);
  ::close(ends[1]);
}

} // namespace trainyard::testing
