// /proc on Linux, dyld on macOS.
#include "nodes/program_path.hpp"

#include <system_error>

#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif

namespace trainyard {

std::filesystem::path program_path() {
  std::error_code error;
#ifdef __APPLE__
  char name[4096];
  std::uint32_t size = sizeof name;
  auto path = ::_NSGetExecutablePath(name, &size) == 0 ? std::filesystem::canonical(name, error)
                                                       : std::filesystem::path();
#else
  auto path = std::filesystem::canonical("/proc/self/exe", error);
#endif
  return error ? std::filesystem::path() : path;
}

} // namespace trainyard
