// A gateway's last minutes on disk, so that its charts outlive it.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>

#include "nodes/fleet/board_memory.hpp"
#include "nodes/nats/task_thread.hpp"

namespace trainyard {

/// Where it cannot be read or written a warning says so, the latter once; the gateway serves without.
class history_file {
public:
  /// Gateways of one machine have one file each: `name` tells them apart. An empty `folder`: nothing is kept.
  history_file(const std::filesystem::path& folder, const std::string& name);

  /// Blocks. Nothing where there is none, or what is there is none.
  [[nodiscard]] std::optional<board_memory> read() const;
  /// The last word: blocks until it is on the medium, after whatever is under way. Nothing is written later.
  void finish(const board_memory& memory);
  /// On a thread of its own; skipped while one is under way.
  void write_soon(board_memory memory);

private:
  void write(const board_memory& memory);

  std::filesystem::path file_;
  std::atomic<bool> writing_ = false;
  std::atomic<bool> has_warned_ = false;
  std::unique_ptr<task_thread> thread_; ///< last: it uses all above
};

} // namespace trainyard
