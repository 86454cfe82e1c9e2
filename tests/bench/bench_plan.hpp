// What a benchmark is asked to do and what it answers.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace trainyard::bench {

struct bench_plan {
  std::filesystem::path directory;
  std::filesystem::path model_folder;
  std::chrono::duration<double> at_least{5};
  std::size_t threads = 1;        ///< decode threads, or intra-op threads of a forward pass
  std::string precision = "auto"; ///< forward only
  std::size_t lanes = 1;          ///< forward only: models that share the weights, a thread for each
  std::uint32_t micro_batch = 32; ///< forward only: the CPU's default (config/device_defaults.hpp)
};

struct bench_figures {
  std::uint64_t images = 0;
  std::uint64_t failed = 0;
  double seconds = 0;      ///< wall clock
  double cpu_seconds = 0;  ///< of this process, user and system, all threads
  double read_seconds = 0; ///< decode only: wall clock summed over threads
  double decode_seconds = 0;
};

} // namespace trainyard::bench
