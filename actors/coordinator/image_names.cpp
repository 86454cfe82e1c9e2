// Extensions and magic bytes of the formats that are embedded.
#include "actors/coordinator/image_names.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace trainyard {

namespace {

constexpr std::array<std::string_view, 5> extensions{"jpg", "jpeg", "png", "webp", "bmp"};
/// Sizes of the bitmap headers that exist; "BM" alone begins too many texts.
constexpr std::array<unsigned, 7> bitmap_header_bytes{12, 40, 52, 56, 64, 108, 124};

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool has(std::span<const unsigned char> start, std::size_t at, std::string_view bytes) {
  return start.size() >= at + bytes.size() && std::memcmp(start.data() + at, bytes.data(), bytes.size()) == 0;
}

bool is_bitmap(std::span<const unsigned char> start) {
  if (start.size() < image_magic_bytes || !has(start, 0, "BM"))
    return false;
  const unsigned header =
      start[14] | start[15] << 8 | start[16] << 16 | static_cast<unsigned>(start[17]) << 24;
  return std::find(bitmap_header_bytes.begin(), bitmap_header_bytes.end(), header) !=
         bitmap_header_bytes.end();
}

} // namespace

bool has_image_extension(std::string_view name) noexcept {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0)
    return false;
  const auto extension = name.substr(dot + 1);
  return std::any_of(extensions.begin(), extensions.end(), [&](std::string_view each) {
    return std::equal(each.begin(), each.end(), extension.begin(), extension.end(),
                      [](char wanted, char found) { return wanted == lower(found); });
  });
}

bool has_image_magic(std::span<const unsigned char> start) noexcept {
  return has(start, 0, "\xff\xd8\xff") || has(start, 0, "\x89PNG\r\n\x1a\n") ||
         (has(start, 0, "RIFF") && has(start, 8, "WEBP")) || is_bitmap(start);
}

} // namespace trainyard
