// Names come from the system: /proc on Linux, sysctl on macOS.
#include "actors/device/memory/device_name.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <vector>

#ifdef __APPLE__
#include <sys/sysctl.h>
#endif

namespace trainyard {
namespace {

/// The first value of "key<spaces>: value" in a text file, or "".
std::string value_in(const std::filesystem::path& file, std::string_view key) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(':');
    if (!line.starts_with(key) || colon == std::string::npos)
      continue;
    const auto start = line.find_first_not_of(" \t", colon + 1);
    return start == std::string::npos ? "" : line.substr(start);
  }
  return "";
}

std::string processor_name() {
#ifdef __APPLE__
  char text[256] = {};
  std::size_t size = sizeof text - 1;
  return ::sysctlbyname("machdep.cpu.brand_string", text, &size, nullptr, 0) == 0 ? text : "";
#else
  return value_in("/proc/cpuinfo", "model name");
#endif
}

/// The driver lists boards in PCI order, which need not be CUDA's: only a name that all boards share is safe.
std::string nvidia_name() {
  std::error_code ignored;
  std::set<std::string> names;
  for (const auto& board : std::filesystem::directory_iterator("/proc/driver/nvidia/gpus", ignored))
    names.insert(value_in(board.path() / "information", "Model"));
  return names.size() == 1 ? *names.begin() : "";
}

} // namespace

std::string device_name(std::string_view kind) {
  std::string name;
  if (kind == "cpu" || kind == "mps")
    name = processor_name();
  else if (kind == "cuda")
    name = nvidia_name();
  return name.empty() ? std::string(kind) : name;
}

} // namespace trainyard
