// Pure: how large the parts of a file are: halved when one runs out of time, doubled after many whole files.
#pragma once

#include <atomic>
#include <cstddef>

namespace trainyard {

/// Of one link, for all files that travel over it at once. Thread safe.
class part_size {
public:
  void timed_out();
  void whole_file();
  /// Of a server that takes `max_payload`; at least 1.
  [[nodiscard]] std::size_t bytes(std::size_t max_payload) const;

private:
  std::atomic<unsigned> halvings_ = 0;
  std::atomic<unsigned> whole_files_ = 0; ///< since the last halving
};

} // namespace trainyard
