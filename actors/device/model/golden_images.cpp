// One painter per image: the value of one channel of one pixel. Unsigned 32-bit arithmetic throughout, whose
// wrapping is what the hash wants and which nothing else reaches.
#include "actors/device/model/golden_images.hpp"

#include <algorithm>
#include <array>

namespace trainyard {
namespace {

using u32 = std::uint32_t;

/// A hash of four numbers as one byte.
constexpr u32 mixed(u32 seed, u32 channel, u32 i, u32 j) {
  u32 h = seed * 0x9E3779B1U + channel * 0x85EBCA77U + i * 0xC2B2AE3DU + j * 0x27D4EB2FU;
  h = (h ^ h >> 15U) * 0x2C1B3C6DU;
  h = (h ^ h >> 12U) * 0x297A2D39U;
  return (h ^ h >> 15U) >> 24U;
}

constexpr u32 cell_of(u32 side, u32 across) {
  return std::max(1U, side / across);
}

u32 block_noise(u32 seed, u32 channel, u32 x, u32 y, u32 cell) {
  return mixed(seed, channel, x / cell, y / cell);
}

/// Between the corners of a cell, linearly.
u32 smooth_noise(u32 seed, u32 channel, u32 x, u32 y, u32 cell) {
  const u32 i = x / cell;
  const u32 j = y / cell;
  const u32 right = x % cell;
  const u32 down = y % cell;
  const u32 above = mixed(seed, channel, i, j) * (cell - right) + mixed(seed, channel, i + 1, j) * right;
  const u32 below =
      mixed(seed, channel, i, j + 1) * (cell - right) + mixed(seed, channel, i + 1, j + 1) * right;
  return (above * (cell - down) + below * down) / (cell * cell);
}

using noise = u32 (*)(u32 seed, u32 channel, u32 x, u32 y, u32 cell);

/// Half of it in large cells, the rest in ever smaller ones.
u32 octaves(noise of, u32 seed, u32 c, u32 x, u32 y, u32 side) {
  const auto layer = [&](u32 number, u32 across) {
    return of(seed + number, c, x, y, cell_of(side, across));
  };
  return (4 * layer(0, 4) + 2 * layer(1, 8) + layer(2, 16) + layer(3, 32)) / 8;
}

u32 square_of_distance(u32 a, u32 b) {
  const u32 apart = a > b ? a - b : b - a;
  return apart * apart;
}

/// Square of twice the distance from the middle.
u32 from_centre(u32 x, u32 y, u32 side) {
  return square_of_distance(2 * x, side) + square_of_distance(2 * y, side);
}

u32 gradients(u32 x, u32 y, u32 c, u32 side) {
  const u32 last = side - 1;
  return c == 0 ? x * 255 / last : c == 1 ? y * 255 / last : 255 - (x + y) * 255 / (2 * last);
}

u32 checkerboards(u32 x, u32 y, u32 c, u32 side) {
  const u32 quarter = 2 * static_cast<u32>(2 * y >= side) + static_cast<u32>(2 * x >= side);
  const u32 cell = std::max(1U, side / (8U << quarter));
  const u32 colour = mixed(1, c, quarter, 0);
  return (x / cell + y / cell) % 2 == 1 ? colour : 255 - colour;
}

u32 discs(u32 x, u32 y, u32 c, u32 side) {
  u32 value = 64 + y * 127 / side;
  for (u32 n = 0; n < 16; ++n) {
    const u32 right = mixed(2, 0, n, 0) * side / 256;
    const u32 down = mixed(2, 1, n, 0) * side / 256;
    const u32 radius = side / 16 + mixed(2, 2, n, 0) * side / 1280;
    if (square_of_distance(x, right) + square_of_distance(y, down) <= radius * radius)
      value = mixed(2, c, n, 1);
  }
  return value;
}

u32 blocks(u32 x, u32 y, u32 c, u32 side) {
  return octaves(block_noise, 10, c, x, y, side);
}

u32 clouds(u32 x, u32 y, u32 c, u32 side) {
  return octaves(smooth_noise, 20, c, x, y, side);
}

/// Ever finer towards the corners.
u32 rings(u32 x, u32 y, u32 c, u32 side) {
  const u32 phase = (from_centre(x, y, side) * 24 / side + 170 * c) % 512;
  return std::min(phase, 511 - phase);
}

u32 stripes(u32 x, u32 y, u32 c, u32 side) {
  const u32 band = y * 4 / side;
  const u32 width = std::max(1U, side / (8U << band));
  return mixed(6, c, band, (x + band * y) / width % 2);
}

/// A shaded ball before a checked and cloudy wall.
u32 ball(u32 x, u32 y, u32 c, u32 side) {
  const u32 square = from_centre(x, y, side);
  const u32 radius = side * side / 2;
  if (square < radius)
    return (255 - square * 255 / radius) * (80 * c + 90) / 255;
  const u32 wall = smooth_noise(7, c, x, y, cell_of(side, 4));
  const u32 cell = cell_of(side, 8);
  return (x / cell + y / cell) % 2 == 1 ? wall / 3 : wall;
}

using painter = u32 (*)(u32 x, u32 y, u32 c, u32 side);
constexpr std::array<painter, 8> painters{gradients, checkerboards, discs,   blocks,
                                          clouds,    rings,         stripes, ball};

} // namespace

std::string golden_name(std::size_t number) {
  return "golden/" + std::to_string(number);
}

std::vector<prepared_image> golden_images(std::uint32_t side) {
  std::vector<prepared_image> images(painters.size());
  for (std::size_t i = 0; i < images.size(); ++i) {
    auto& image = images[i];
    image.path = golden_name(i);
    image.width = image.height = side;
    image.pixels.reserve(std::size_t{3} * side * side);
    for (u32 y = 0; y < side; ++y)
      for (u32 x = 0; x < side; ++x)
        for (u32 c = 0; c < 3; ++c)
          image.pixels.push_back(static_cast<std::uint8_t>(painters[i](x, y, c, side)));
  }
  return images;
}

} // namespace trainyard
