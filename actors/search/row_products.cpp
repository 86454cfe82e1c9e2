// Rows are widened to fp32 on the way through the registers: they are read once, at the speed of memory.
#include "actors/search/row_products.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
// Per function and not per file: see resample_avx2.cpp.
#define TRAINYARD_F16C __attribute__((target("avx2,fma,f16c")))
#endif

namespace trainyard {
namespace {

constexpr std::size_t lanes = 8;   ///< partial sums that do not wait for one another
constexpr std::size_t block = 512; ///< numbers widened at a time: they stay in the first cache

void widen(const std::byte* from, number_format format, std::size_t count, float* into) {
  if (format == number_format::fp32) {
    std::memcpy(into, from, count * sizeof(float));
    return;
  }
  std::array<std::uint16_t, block> halves;
  std::memcpy(halves.data(), from, count * sizeof(std::uint16_t));
  for (std::size_t i = 0; i < count; ++i)
    into[i] = from_half(halves[i]);
}

float plain_product(const std::byte* row, number_format format, std::span<const float> query) {
  std::array<float, block> wide;
  std::array<float, lanes> sums{};
  for (std::size_t at = 0; at < query.size(); at += block) {
    const auto count = std::min(block, query.size() - at);
    widen(row + at * bytes_of(format), format, count, wide.data());
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
      for (std::size_t lane = 0; lane < lanes; ++lane)
        sums[lane] += wide[i + lane] * query[at + i + lane];
    for (; i < count; ++i)
      sums[0] += wide[i] * query[at + i];
  }
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

#if defined(__x86_64__)
TRAINYARD_F16C inline __m256 load8(const std::byte* from, number_format format) {
  if (format == number_format::fp32)
    return _mm256_loadu_ps(reinterpret_cast<const float*>(from));
  return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
}

TRAINYARD_F16C float f16c_product(const std::byte* row, number_format format, std::span<const float> query) {
  const auto size = bytes_of(format);
  __m256 sums[4] = {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps()};
  std::size_t at = 0;
  for (; at + 4 * lanes <= query.size(); at += 4 * lanes)
    for (std::size_t part = 0; part < 4; ++part) {
      const auto here = at + part * lanes;
      sums[part] =
          _mm256_fmadd_ps(load8(row + here * size, format), _mm256_loadu_ps(&query[here]), sums[part]);
    }
  const auto all = _mm256_add_ps(_mm256_add_ps(sums[0], sums[1]), _mm256_add_ps(sums[2], sums[3]));
  const auto four = _mm_add_ps(_mm256_castps256_ps128(all), _mm256_extractf128_ps(all, 1));
  const auto two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  float sum = _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
  if (at < query.size())
    sum += plain_product(row + at * size, format, query.subspan(at));
  return sum;
}

bool has_f16c() noexcept {
  // The compilers' name for F16C is not known to all of them; every processor with AVX2 and FMA has it.
  static const bool has = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
  return has;
}
#endif

using product = float (*)(const std::byte*, number_format, std::span<const float>);

void multiply_by(product of, std::span<const std::byte> rows, number_format format,
                 std::span<const float> query, std::span<float> scores) {
  const auto row_bytes = query.size() * bytes_of(format);
  for (std::size_t i = 0; i < scores.size(); ++i)
    scores[i] = of(rows.data() + i * row_bytes, format, query);
}

} // namespace

void multiply(std::span<const std::byte> rows, number_format format, std::span<const float> query,
              std::span<float> scores) {
#if defined(__x86_64__)
  if (has_f16c())
    return multiply_by(f16c_product, rows, format, query, scores);
#endif
  multiply_plain(rows, format, query, scores);
}

void multiply_plain(std::span<const std::byte> rows, number_format format, std::span<const float> query,
                    std::span<float> scores) {
  multiply_by(plain_product, rows, format, query, scores);
}

} // namespace trainyard
