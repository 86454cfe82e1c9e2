// The two passes for x86 processors with AVX2, where GCC makes single bytes of portable vectors (6 times
// slower).
#pragma once

#include "actors/device/image/resample_passes.hpp"

namespace trainyard {

/// Whether this processor has it: asked once. Without it the functions below must not be called.
[[nodiscard]] bool has_avx2() noexcept;

/// `rgbx` is the row from filter.source_begin() on, four bytes a pixel, readable 8 bytes past its end.
void resample_row_avx2(const std::uint8_t* rgbx, const resample_filter& filter, std::uint8_t* target);
/// Only whole groups of 8 bytes of the row.
void blend_rows_avx2(const row_block& block, const std::int32_t* weights, std::uint8_t* target);

} // namespace trainyard
