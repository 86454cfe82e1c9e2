// How far an upload is, on stderr: a redrawn line, plain lines or JSON lines.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "config/settings.hpp"
#include "nodes/terminal/terminal_mode.hpp"

namespace trainyard {

struct upload_counts {
  std::uint64_t images = 0; ///< dealt with so far
  std::uint64_t already_there = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_done = 0; ///< sent or not, of what was dealt with
  bool ended = false;
};

/// "Uploading 120/500 images, 40.2 MiB of 180.0 MiB, 12.1 MiB/s"
[[nodiscard]] std::string upload_line(const upload_counts& counts, std::uint64_t images, std::uint64_t bytes,
                                      double seconds);

/// One thread's.
class upload_progress {
public:
  upload_progress(const settings& from, std::uint64_t images, std::uint64_t bytes);
  void show(const upload_counts& counts);

private:
  using steady = std::chrono::steady_clock;
  [[nodiscard]] bool due(const upload_counts& counts) const;

  progress_mode mode_;
  std::uint64_t images_;
  std::uint64_t bytes_;
  steady::time_point begun_ = steady::now();
  steady::time_point last_ = begun_;
  bool said_end_ = false;
};

} // namespace trainyard
