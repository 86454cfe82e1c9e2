// Temporary directories for tests.
#include "tests/support/temp_dir.hpp"

#include <cstdlib>
#include <fstream>
#include <system_error>

namespace trainyard::testing {

temp_dir::temp_dir(const std::filesystem::path& parent) {
  auto name = (parent / "trainyard-test-XXXXXX").string();
  if (!::mkdtemp(name.data()))
    throw std::filesystem::filesystem_error("mkdtemp", name, std::error_code(errno, std::generic_category()));
  path_ = name;
}

temp_dir::~temp_dir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path temp_dir::write(const std::filesystem::path& relative, std::string_view content) const {
  const auto full = path_ / relative;
  std::filesystem::create_directories(full.parent_path());
  std::ofstream(full, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
  return full;
}

} // namespace trainyard::testing
