// Every half is widened exactly, and both kinds of code come to the same product.
#include "actors/search/row_products.hpp"

#include <cmath>
#include <cstring>

#include <gtest/gtest.h>

#include "actors/device/half_float.hpp"
#include "tests/unit/search/made_vectors.hpp"

namespace trainyard {
namespace {

TEST(row_products, every_half_widens_to_the_float_that_narrows_to_it) {
  for (std::uint32_t each = 0; each < 0x10000U; ++each) {
    const auto half = static_cast<std::uint16_t>(each);
    const float wide = from_half(half);
    if ((half & 0x7C00U) == 0x7C00U && (half & 0x3FFU) != 0) {
      EXPECT_TRUE(std::isnan(wide)) << each;
    } else {
      EXPECT_EQ(to_half(wide), half) << each;
    }
  }
  EXPECT_EQ(from_half(0x0001), 0x1p-24F);
  EXPECT_EQ(from_half(0x7BFF), 65504.0F);
  EXPECT_EQ(from_half(0xFC00), -INFINITY);
  EXPECT_TRUE(std::signbit(from_half(0x8000)));
}

TEST(row_products, agree_with_double_precision_for_every_length_of_row) {
  for (const auto format : {number_format::fp16, number_format::fp32})
    for (std::uint32_t dim = 1; dim < 1300; dim = dim < 70 ? dim + 1 : dim * 2 - 3) {
      const auto row = testing::made_vector(dim, dim);
      const auto query = testing::made_vector(dim, dim + 1);
      std::vector<std::byte> stored(dim * bytes_of(format));
      double wanted = 0;
      for (std::uint32_t i = 0; i < dim; ++i) {
        const auto half = to_half(row[i]);
        const float kept = format == number_format::fp16 ? from_half(half) : row[i];
        std::memcpy(stored.data() + i * bytes_of(format),
                    format == number_format::fp16 ? static_cast<const void*>(&half) : &row[i],
                    bytes_of(format));
        wanted += static_cast<double>(kept) * static_cast<double>(query[i]);
      }
      float fast = 0;
      float plain = 0;
      multiply(stored, format, query, {&fast, 1});
      multiply_plain(stored, format, query, {&plain, 1});
      EXPECT_NEAR(fast, wanted, 2e-6) << dim;
      EXPECT_NEAR(plain, wanted, 2e-6) << dim;
    }
}

} // namespace
} // namespace trainyard
