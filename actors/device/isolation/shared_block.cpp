// memfd on Linux (never /dev/shm, which containers keep small), an unlinked shm object elsewhere.
#include "actors/device/isolation/shared_block.hpp"

#include <cerrno>
#include <cstdio>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#ifndef __linux__
#include <random>
#endif

#include "messages/system_limit.hpp"

namespace trainyard {
namespace {

tl::unexpected<failure> no_memory(const char* step, int error) {
  if (is_system_limit(error))
    return tl::unexpected(system_limit_reached(std::string("memory shared with a decoder: ") + step, error));
  return fail(failure_kind::decoder_unavailable,
              std::string("memory shared with a decoder: ") + step + ": " + errno_text(error),
              "free some memory, or lower --decode-threads");
}

struct memory_object {
  owned_fd writable;
  owned_fd readable;
};

#ifdef __linux__
memory_object make_object() {
  memory_object made{owned_fd(::memfd_create("trainyard-decode", MFD_CLOEXEC | MFD_ALLOW_SEALING)), {}};
  char name[32];
  std::snprintf(name, sizeof name, "/proc/self/fd/%d", made.writable.get());
  if (made.writable)
    made.readable = owned_fd(::open(name, O_RDONLY | O_CLOEXEC));
  return made;
}

void seal(int object) {
  ::fcntl(object, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
}
#else
memory_object make_object() {
  char name[24];
  std::random_device random;
  std::snprintf(name, sizeof name, "/trainyard-%08x", static_cast<unsigned>(random()));
  memory_object made{owned_fd(::shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600)), {}};
  if (made.writable) {
    made.readable = owned_fd(::shm_open(name, O_RDONLY, 0));
    ::shm_unlink(name);
  }
  return made;
}

void seal(int) {}
#endif

} // namespace

result<shared_block> shared_block::make(std::size_t bytes) {
  auto object = make_object();
  if (!object.writable || !object.readable)
    return no_memory("making it", errno);
  if (::ftruncate(object.writable.get(), static_cast<off_t>(bytes)) != 0)
    return no_memory("its size", errno);
  seal(object.writable.get());
  void* const at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, object.writable.get(), 0);
  if (at == MAP_FAILED)
    return no_memory("mapping it", errno);
  shared_block block;
  block.writable_ = std::move(object.writable);
  block.readable_ = std::move(object.readable);
  block.at_ = static_cast<std::uint8_t*>(at);
  block.bytes_ = bytes;
  return block;
}

shared_block::shared_block(shared_block&& other) noexcept
    : writable_(std::move(other.writable_)), readable_(std::move(other.readable_)),
      at_(std::exchange(other.at_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

shared_block::~shared_block() {
  if (at_ != nullptr)
    ::munmap(at_, bytes_);
}

void shared_block::trim([[maybe_unused]] std::size_t kept_bytes) noexcept {
#ifdef __linux__
  if (kept_bytes < bytes_)
    ::fallocate(writable_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(kept_bytes),
                static_cast<off_t>(bytes_ - kept_bytes));
#endif
}

} // namespace trainyard
