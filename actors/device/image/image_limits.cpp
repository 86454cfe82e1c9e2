// One check for all formats.
#include "actors/device/image/image_limits.hpp"

#include <string>

namespace trainyard {

result<void> check_sides(std::uint64_t width, std::uint64_t height) {
  const std::string sides = std::to_string(width) + "x" + std::to_string(height);
  if (width == 0 || height == 0)
    return fail(failure_kind::image_corrupt, "the header claims " + sides + " pixels");
  if (width > max_image_side || height > max_image_side || width * height > max_image_pixels)
    return fail(failure_kind::image_too_many_pixels,
                "the header claims " + sides + ", the limit is " + std::to_string(max_image_pixels) +
                    " pixels and " + std::to_string(max_image_side) + " a side",
                "export a smaller version of the image");
  return {};
}

} // namespace trainyard
