// The dynamic linker's own list.
#include "nodes/doctor/loaded_libraries.hpp"

#include <system_error>

#ifdef __APPLE__
#include <mach-o/dyld.h>
#else
#include <link.h>
#endif

namespace trainyard {
namespace {

using paths = std::vector<std::filesystem::path>;

void add(paths& to, const char* name) {
  if (!name || !*name)
    return;
  std::error_code error;
  auto real = std::filesystem::canonical(name, error);
  if (!error)
    to.push_back(std::move(real));
}

#ifndef __APPLE__
int on_library(dl_phdr_info* info, std::size_t, void* to) {
  add(*static_cast<paths*>(to), info->dlpi_name);
  return 0;
}
#endif

} // namespace

paths loaded_libraries() {
  paths all;
#ifdef __APPLE__
  for (std::uint32_t each = 1; each < ::_dyld_image_count(); ++each)
    add(all, ::_dyld_get_image_name(each));
#else
  ::dl_iterate_phdr(on_library, &all);
#endif
  return all;
}

} // namespace trainyard
