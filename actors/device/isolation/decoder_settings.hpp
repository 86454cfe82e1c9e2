// What a worker decides about its decoders.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace trainyard {

struct decoder_settings {
  std::filesystem::path program;                      ///< trainyard-decode
  std::chrono::milliseconds time_limit{30'000};       ///< of one image, by the clock
  std::uint64_t memory_limit_bytes = 2'048ULL << 20U; ///< of one decoder, beside what it shares with us
  /// A machine that is short of memory kills decoders first: how long to wait after each SIGKILL under one
  /// image; one more of them, and the image has found no memory.
  std::vector<std::chrono::milliseconds> pauses_after_kills{std::chrono::milliseconds(250),
                                                            std::chrono::seconds(1), std::chrono::seconds(5),
                                                            std::chrono::seconds(15)};
  /// No decoder started for so long, nor in three tries: a machine that was frozen has lost time, but no try.
  std::chrono::milliseconds trouble_after{30'000};
};

} // namespace trainyard
