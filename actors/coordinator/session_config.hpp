// What one session is: which images, into which space, to which folder, in what portions.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "actors/coordinator/dispatch_window.hpp"
#include "messages/subjects.hpp"

namespace trainyard {

struct session_config {
  std::string session_id;
  bool takes_folders_id = true;    ///< of a folder that an earlier run made; else such a folder is refused
  std::filesystem::path directory; ///< absolute, links resolved
  std::filesystem::path out;       ///< absolute
  std::string root;                ///< a name that workers know
  bool remote = false;             ///< workers that lack the root get its images from coordinators
  std::string directory_in_root;   ///< where `directory` lies below that root; empty: it is the root
  std::string model;
  std::string space_id;
  std::uint32_t dim = 0;
  std::string precision;
  std::string dtype = "fp16";
  std::uint64_t batch_size = 64;
  std::uint32_t gpu_batch_size = 0; ///< at most so many images per forward pass; 0: each device's own
  std::uint64_t shard_rows = 10'000;
  bool prune = false;        ///< images that vanished from the directory leave the output
  bool retry_failed = false; ///< images that failed before are embedded again
  subjects names;            ///< the fleet's: events go there
  std::string pool;
  int priority = 1;
  window_limits window;
  std::size_t result_credit = 64; ///< unacknowledged results held at once
  std::chrono::milliseconds tick{1'000};
};

} // namespace trainyard
