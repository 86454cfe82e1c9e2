// The order of calls matters: a thread's first get_num_threads() re-applies the process default, which
// another thread may just have changed, so it must come before our own set.
#include "actors/device/memory/forward_threads.hpp"

#include <algorithm>

#include <ATen/Parallel.h>

namespace trainyard {

void set_forward_threads(int threads) {
  thread_local int applied = 0;
  threads = std::max(1, threads);
  if (applied == threads)
    return;
  (void)at::get_num_threads();
  at::set_num_threads(threads);
  applied = threads;
}

} // namespace trainyard
