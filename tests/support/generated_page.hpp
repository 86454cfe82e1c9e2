// A file of the repository that the code writes: a test compares it, or with TRAINYARD_REGENERATE=1 writes
// it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace trainyard::testing {

/// `file` is relative to the top folder, where tests run.
inline void expect_generated(const std::filesystem::path& file, const std::string& text) {
  if (const char* wanted = std::getenv("TRAINYARD_REGENERATE"); wanted && *wanted == '1') {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  std::ifstream in(file, std::ios::binary);
  std::stringstream found;
  found << in.rdbuf();
  EXPECT_EQ(found.str(), text) << file << " is not what the code writes; run this test again with "
                               << "TRAINYARD_REGENERATE=1 in the environment";
}

} // namespace trainyard::testing
