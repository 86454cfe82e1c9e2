// What a worker decides about its decoders.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>

namespace trainyard {

struct decoder_settings {
  std::filesystem::path program;                      ///< trainyard-decode
  std::chrono::milliseconds time_limit{30'000};       ///< of one image, by the clock
  std::uint64_t memory_limit_bytes = 2'048ULL << 20U; ///< of one decoder, beside what it shares with us
};

} // namespace trainyard
