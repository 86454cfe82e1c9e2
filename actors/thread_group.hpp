// The threads of a pool: as many as the system gives, at least one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <system_error>
#include <thread>
#include <vector>

namespace trainyard {

/// A pool with fewer threads does its work more slowly; one with none would not, so then this throws
/// std::system_error, and `into` holds no thread that would have to be joined.
template <class Body>
void start_threads(std::vector<std::thread>& into, std::size_t count, const Body& body) {
  count = std::max<std::size_t>(count, 1);
  into.reserve(into.size() + count);
  for (std::size_t started = 0; started < count; ++started)
    try {
      into.emplace_back(body);
    } catch (const std::system_error&) {
      if (started == 0)
        throw;
      return;
    }
}

} // namespace trainyard
