// The AVX2 passes; on other processors than x86 they are empty and never called.
#include "actors/device/image/resample_avx2.hpp"

#if defined(__x86_64__)
#include <cstring>
#include <immintrin.h>

// Per function and not per file: a flag for the file would also reach the inline functions of std, and the
// linker may keep those copies for everybody.
#define TRAINYARD_AVX2 __attribute__((target("avx2")))

namespace trainyard {
namespace {

TRAINYARD_AVX2 inline __m256i load8(const std::uint8_t* from) {
  return _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from)));
}

TRAINYARD_AVX2 inline __m128i shift_and_round(__m128i sums) {
  return _mm_srai_epi32(_mm_add_epi32(sums, _mm_set1_epi32(1 << (resample_filter::precision_bits - 1))),
                        resample_filter::precision_bits);
}

} // namespace

bool has_avx2() noexcept {
  static const bool has = __builtin_cpu_supports("avx2") != 0;
  return has;
}

TRAINYARD_AVX2 void resample_row_avx2(const std::uint8_t* rgbx, const resample_filter& filter,
                                      std::uint8_t* target) {
  const __m256i spread = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
  for (std::size_t output = 0; output < filter.first.size(); ++output) {
    const std::uint8_t* from = rgbx + std::size_t{filter.first[output] - filter.source_begin()} * 4;
    const std::int32_t* weights = filter.weights_of(output);
    __m256i sums = _mm256_setzero_si256();
    for (std::uint32_t tap = 0; tap < filter.used[output]; tap += 2) {
      const __m128i two = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(weights + tap));
      const __m256i pair_weights = _mm256_permutevar8x32_epi32(_mm256_castsi128_si256(two), spread);
      sums = _mm256_add_epi32(sums, _mm256_mullo_epi32(load8(from + std::size_t{tap} * 4), pair_weights));
    }
    const __m128i pixel =
        shift_and_round(_mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1)));
    const __m128i narrow = _mm_packus_epi16(_mm_packs_epi32(pixel, pixel), pixel);
    const int rgb = _mm_cvtsi128_si32(narrow);
    std::memcpy(target + output * 3, &rgb, 3);
  }
}

TRAINYARD_AVX2 void blend_rows_avx2(const row_block& block, const std::int32_t* weights,
                                    std::uint8_t* target) {
  for (std::size_t at = 0; at + 8 <= block.row_bytes; at += 8) {
    __m256i sums = _mm256_setzero_si256();
    for (std::uint32_t row = 0; row < block.count; ++row)
      sums = _mm256_add_epi32(sums, _mm256_mullo_epi32(load8(block.rows + row * block.row_bytes + at),
                                                       _mm256_set1_epi32(weights[row])));
    const __m128i low = shift_and_round(_mm256_castsi256_si128(sums));
    const __m128i high = shift_and_round(_mm256_extracti128_si256(sums, 1));
    const __m128i words = _mm_packs_epi32(low, high);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(target + at), _mm_packus_epi16(words, words));
  }
}

} // namespace trainyard

#else

namespace trainyard {

bool has_avx2() noexcept {
  return false;
}
void resample_row_avx2(const std::uint8_t*, const resample_filter&, std::uint8_t*) {}
void blend_rows_avx2(const row_block&, const std::int32_t*, std::uint8_t*) {}

} // namespace trainyard
#endif
