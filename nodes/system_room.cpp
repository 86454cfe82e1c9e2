// Threads that only wait, and copies of one descriptor. Plain pthreads: a std::thread frees memory when it
// ends, and so would leave the process with an arena of the heap for each of them.
#include "nodes/system_room.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>

#include "actors/disk/owned_fd.hpp"
#include "messages/system_limit.hpp"

namespace trainyard {

namespace {

constexpr rlim_t most_descriptors = 65'536; // some programs that we start look at every one that there may be

/// Shut until all threads are there, or one is refused.
class gate {
public:
  gate() { ::pthread_mutex_lock(&mutex_); }
  static void* wait(void* self) {
    auto& here = *static_cast<gate*>(self);
    ::pthread_mutex_lock(&here.mutex_);
    ::pthread_mutex_unlock(&here.mutex_);
    return nullptr;
  }
  void open() { ::pthread_mutex_unlock(&mutex_); }

private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
};

std::string text_of(std::size_t got, std::size_t wanted, const std::string& what) {
  return "the system gives " + std::to_string(got) + " of the " + std::to_string(wanted) + " " + what +
         " that are needed";
}

result<void> find_threads(std::size_t wanted) {
  gate shut;
  std::vector<pthread_t> waiting;
  waiting.reserve(wanted);
  int error = 0;
  for (pthread_t each{}; error == 0 && waiting.size() < wanted;)
    if (error = ::pthread_create(&each, nullptr, gate::wait, &shut); error == 0)
      waiting.push_back(each);
  shut.open();
  for (const auto each : waiting)
    ::pthread_join(each, nullptr);
  if (error != 0)
    return tl::unexpected(system_limit_reached(text_of(waiting.size(), wanted, "threads"), error));
  return {};
}

result<void> find_descriptors(std::size_t wanted) {
  std::vector<owned_fd> taken;
  taken.reserve(wanted);
  taken.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  while (taken.back() && taken.size() < wanted)
    taken.emplace_back(::fcntl(taken.front().get(), F_DUPFD_CLOEXEC, 0));
  const int error = errno;
  if (!taken.back())
    return tl::unexpected(system_limit_reached(text_of(taken.size() - 1, wanted, "open files"), error));
  return {};
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return;
  const auto goal = std::min(limit.rlim_max, most_descriptors);
  if (limit.rlim_cur >= goal)
    return;
  limit.rlim_cur = goal;
  ::setrlimit(RLIMIT_NOFILE, &limit); // macOS may refuse; what it leaves is looked at next
}

} // namespace

room_needed room_of(const settings& from) {
  const auto cores = static_cast<std::int64_t>(std::max(1U, std::thread::hardware_concurrency()));
  const auto readers =
      static_cast<std::size_t>(from.integer_unless_auto("device.decode_threads").value_or(cores));
  const auto lanes =
      static_cast<std::size_t>(from.integer_unless_auto("device.forward_threads").value_or(cores));
  return {34 + 2 * readers + lanes + static_cast<std::size_t>(cores),
          48 + 8 * readers}; // a run took 37 and 28 on two cores
}

result<void> find_room(const room_needed& needed) {
  raise_descriptor_limit();
  if (auto found = find_descriptors(needed.descriptors); !found)
    return found;
  return find_threads(needed.threads);
}

} // namespace trainyard
