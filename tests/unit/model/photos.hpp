// Images for tests of the network: the reference's photos, and synthetic ones that need no Python.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include "actors/device/prepared_image.hpp"

namespace trainyard::testing {

inline const std::filesystem::path lite0_folder =
    std::filesystem::path(TRAINYARD_MODELS) / "efficientnet-lite0";

/// Smooth and different for each seed.
inline prepared_image painted(std::uint32_t seed, std::uint32_t side = 224) {
  prepared_image image;
  image.path = "painted/" + std::to_string(seed);
  for (std::uint32_t y = 0; y < side; ++y)
    for (std::uint32_t x = 0; x < side; ++x)
      for (std::uint32_t c = 0; c < 3; ++c)
        image.pixels.push_back(
            static_cast<std::uint8_t>((x * (seed % 5 + 1) + y * (seed % 3 + c) + seed * 37) / 2));
  return image;
}

inline std::vector<prepared_image> painted_images(std::uint32_t count) {
  std::vector<prepared_image> images;
  for (std::uint32_t i = 0; i < count; ++i)
    images.push_back(painted(i));
  return images;
}

template <class Value>
std::vector<Value> values_in(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  std::vector<Value> values(bytes.size() / sizeof(Value));
  std::copy_n(bytes.data(), values.size() * sizeof(Value), reinterpret_cast<char*>(values.data()));
  return values;
}

inline double cosine(std::span<const float> a, std::span<const float> b) {
  double ab = 0;
  double aa = 0;
  double bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += static_cast<double>(a[i]) * b[i];
    aa += static_cast<double>(a[i]) * a[i];
    bb += static_cast<double>(b[i]) * b[i];
  }
  return ab / std::sqrt(aa * bb);
}

} // namespace trainyard::testing
