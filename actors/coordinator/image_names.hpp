// What makes a file an image for the listing: its name, or else its first bytes.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace trainyard {

inline constexpr std::size_t image_magic_bytes = 18;

/// jpg, jpeg, png, webp or bmp after the last dot, in any case. ".jpg" alone is a hidden file of no
/// extension.
[[nodiscard]] bool has_image_extension(std::string_view name) noexcept;
/// True where `start`, the first up to image_magic_bytes bytes of a file, is a JPEG's, PNG's, WebP's or
/// BMP's.
[[nodiscard]] bool has_image_magic(std::span<const unsigned char> start) noexcept;

} // namespace trainyard
