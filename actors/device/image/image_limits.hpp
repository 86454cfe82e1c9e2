// How large an image may claim to be.
#pragma once

#include <cstdint>

#include "messages/failure.hpp"

namespace trainyard {

inline constexpr std::uint64_t max_image_pixels = 100'000'000;
inline constexpr std::uint32_t max_image_side = 65'535;

/// Sides as a header claims them: 0 is image_corrupt, beyond the caps is image_too_many_pixels.
[[nodiscard]] result<void> check_sides(std::uint64_t width, std::uint64_t height);

} // namespace trainyard
