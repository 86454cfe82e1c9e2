// Footprint and limits from /proc and control groups on Linux, from the task's ledger on macOS.
#include "actors/device/memory/process_memory.hpp"

#include <algorithm>
#include <fstream>
#include <string>

#include <dlfcn.h>
#include <unistd.h>

#ifdef __APPLE__
#include <mach/mach.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace trainyard {
namespace {

#ifdef __APPLE__
task_vm_info_data_t task_memory() noexcept {
  task_vm_info_data_t info{};
  mach_msg_type_number_t count = TASK_VM_INFO_COUNT;
  if (::task_info(mach_task_self(), TASK_VM_INFO, reinterpret_cast<task_info_t>(&info), &count) !=
      KERN_SUCCESS)
    return {};
  return info;
}
#else
/// A number that stands alone at the start of a file; 0 for "max", no number and no file.
std::uint64_t number_in(const std::string& file) {
  std::uint64_t number = 0;
  std::ifstream(file) >> number;
  return number;
}

/// The lowest limit from the process's own group up to the root; 0 when none is set. Version 2, then 1.
std::uint64_t control_group_limit() {
  std::uint64_t lowest = number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes");
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    if (!line.starts_with("0::/"))
      continue;
    for (auto group = line.substr(3);; group.resize(group.rfind('/'))) {
      const auto limit = number_in("/sys/fs/cgroup" + (group == "/" ? "" : group) + "/memory.max");
      lowest = limit == 0 ? lowest : lowest == 0 ? limit : std::min(lowest, limit);
      if (group.empty())
        break;
    }
  }
  return lowest;
}
#endif

std::uint64_t page_bytes() noexcept {
  const auto size = ::sysconf(_SC_PAGESIZE);
  return size > 0 ? static_cast<std::uint64_t>(size) : 4096;
}

} // namespace

std::uint64_t process_footprint_bytes() noexcept try {
#ifdef __APPLE__
  return task_memory().phys_footprint;
#else
  std::uint64_t mapped = 0;
  std::uint64_t resident = 0;
  std::ifstream("/proc/self/statm") >> mapped >> resident;
  return resident * page_bytes();
#endif
} catch (...) {
  return 0;
}

std::uint64_t process_peak_bytes() noexcept try {
#ifdef __APPLE__
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, task_memory().ledger_phys_footprint_peak));
#else
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (std::uint64_t kib = 0; word == "VmHWM:" && status >> kib)
      return kib * 1024;
  return 0;
#endif
} catch (...) {
  return 0;
}

bool reset_process_peak() noexcept try {
#ifdef __APPLE__
  return false;
#else
  std::ofstream file("/proc/self/clear_refs");
  return static_cast<bool>(file << '5' << std::flush);
#endif
} catch (...) {
  return false;
}

std::uint64_t usable_ram_bytes() noexcept try {
  const auto pages = ::sysconf(_SC_PHYS_PAGES);
  const auto ram = pages > 0 ? static_cast<std::uint64_t>(pages) * page_bytes() : 0;
#ifdef __APPLE__
  return ram;
#else
  const auto limit = control_group_limit();
  return limit == 0 ? ram : ram == 0 ? limit : std::min(ram, limit);
#endif
} catch (...) {
  return 0;
}

void keep_freed_memory() noexcept {
#ifdef __GLIBC__
  // Large blocks from the heap, not from mmap: activations above 32 MB would else be unmapped and faulted in
  // again by every layer. One arena, because the others give whole heaps back when they fall empty.
  ::mallopt(M_MMAP_MAX, 0);
  ::mallopt(M_TRIM_THRESHOLD, -1);
  ::mallopt(M_TOP_PAD, 64 << 20);
  ::mallopt(M_ARENA_MAX, 1);
#endif
}

bool trim_heap() noexcept {
  using trim_function = int (*)(std::size_t);
  static const auto trim = reinterpret_cast<trim_function>(::dlsym(RTLD_DEFAULT, "malloc_trim"));
  if (trim == nullptr)
    return false;
  // Where malloc is somebody else's (jemalloc's, a sanitizer's) glibc's own is made ready by this very call,
  // which two threads must not do at once.
  static const bool is_ready = (trim(0), true);
  (void)is_ready;
  trim(0);
  return true;
}

} // namespace trainyard
