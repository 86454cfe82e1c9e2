// The life of a decoder: come up, be confined, decode until the worker is gone.
#pragma once

#include <cstdint>
#include <span>

#include "actors/device/isolation/decode_exchange.hpp"

namespace trainyard {

/// What a decoder is able to do. Tests plant another one, the product has one.
struct decoding {
  /// Decodes images of its own. Called once before the confinement, when libraries load what they load late,
  /// and once after it: what fails then fails before the first image.
  result<void> (*prove)();
  /// Writes the prepared pixels. Failures of decoding only; may throw std::bad_alloc.
  decode_answer (*decode)(std::span<const std::uint8_t> file, const decode_request& request,
                          std::span<std::uint8_t> pixels);
};

/// main() of a decoder: the process's exit status.
[[nodiscard]] int run_decoder(const decoding& with);

} // namespace trainyard
