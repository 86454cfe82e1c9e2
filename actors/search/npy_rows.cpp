// open, fstat, header, mmap; each refusal names the file.
#include "actors/search/npy_rows.hpp"

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "actors/disk/positioned_io.hpp"

namespace trainyard {
namespace {

tl::unexpected<failure> refuse(const std::filesystem::path& file, const std::string& why) {
  return fail(failure_kind::output_corrupt, file.string() + " cannot be searched: " + why,
              "restore the folder from a copy, or embed into a new one");
}

} // namespace

mapped_rows::~mapped_rows() {
  if (base_)
    ::munmap(base_, bytes_);
}

result<npy_rows> npy_rows::open(const std::filesystem::path& file) {
  auto opened = open_file(file, O_RDONLY | O_NONBLOCK);
  struct stat found {};
  if (!opened || ::fstat(opened.get(), &found) != 0)
    return refuse(file, errno_text(errno));
  if (!S_ISREG(found.st_mode))
    return refuse(file, "it is no regular file");
  std::string start;
  if (!read_at(opened.get(), 0, most_npy_header_bytes, start))
    return refuse(file, errno_text(errno));
  const auto layout = read_npy_header(start, static_cast<std::uint64_t>(found.st_size));
  if (!layout)
    return refuse(file, layout.error());
  return npy_rows(file, std::move(opened), *layout);
}

result<mapped_rows> npy_rows::map(std::uint64_t first, std::uint64_t count) const {
  const auto bytes = count * layout_.row_bytes();
  if (bytes == 0)
    return mapped_rows(nullptr, 0, {});
  static const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = layout_.offset + first * layout_.row_bytes();
  const auto lead = begin % page;
#if defined(MAP_POPULATE)
  constexpr int flags = MAP_SHARED | MAP_POPULATE; // one call for all pages, not a fault for each
#else
  constexpr int flags = MAP_SHARED;
#endif
  void* const base =
      ::mmap(nullptr, bytes + lead, PROT_READ, flags, file_.get(), static_cast<off_t>(begin - lead));
  if (base == MAP_FAILED)
    return refuse(name_, "mmap: " + errno_text(errno));
  return mapped_rows(base, bytes + lead, {static_cast<const std::byte*>(base) + lead, bytes});
}

} // namespace trainyard
