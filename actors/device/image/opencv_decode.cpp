// OpenCV throws, returns nothing or another size for bad data, depending on the format: here all are one
// failure.
#include "actors/device/image/opencv_decode.hpp"

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <string>

namespace trainyard {
namespace {

/// Decodes into `target`, whose size and type OpenCV must keep.
result<void> decode_into(byte_view bytes, int flags, cv::Mat& target) {
  const void* const memory = target.data;
  try {
    const cv::Mat input(1, static_cast<int>(bytes.size()), CV_8UC1, const_cast<std::uint8_t*>(bytes.data()));
    const cv::Mat decoded = cv::imdecode(input, flags | cv::IMREAD_IGNORE_ORIENTATION, &target);
    if (!decoded.empty() && decoded.data == memory)
      return {};
  } catch (const cv::Exception& error) {
    if (error.code == cv::Error::StsNoMem)
      return fail(failure_kind::image_out_of_memory, "no memory to decode the image");
    return fail(failure_kind::image_corrupt, "the decoder stopped: " + error.err,
                "copy the file again from its source");
  }
  return fail(failure_kind::image_corrupt, "the pixel data cannot be decoded",
              "copy the file again from its source");
}

} // namespace

result<rgb_image> decode_rgb8(byte_view bytes, std::uint32_t width, std::uint32_t height) {
  rgb_image image = make_rgb_image(width, height);
  cv::Mat target(static_cast<int>(height), static_cast<int>(width), CV_8UC3, image.pixels.get());
  if (auto done = decode_into(bytes, cv::IMREAD_COLOR, target); !done)
    return tl::unexpected(done.error());
  std::uint8_t* pixel = image.pixels.get();
  for (std::size_t left = std::size_t{width} * height; left > 0; --left, pixel += 3)
    std::swap(pixel[0], pixel[2]);
  return image;
}

result<rgb_image> decode_grey16(byte_view bytes, std::uint32_t width, std::uint32_t height) {
  const std::size_t pixels = std::size_t{width} * height;
  const auto values = std::make_unique_for_overwrite<std::uint16_t[]>(pixels);
  cv::Mat target(static_cast<int>(height), static_cast<int>(width), CV_16UC1, values.get());
  if (auto done = decode_into(bytes, cv::IMREAD_ANYDEPTH | cv::IMREAD_GRAYSCALE, target); !done)
    return tl::unexpected(done.error());
  rgb_image image = make_rgb_image(width, height);
  std::uint8_t* pixel = image.pixels.get();
  for (std::size_t i = 0; i < pixels; ++i)
    pixel = std::fill_n(pixel, 3, static_cast<std::uint8_t>(std::min<std::uint16_t>(values[i], 255)));
  return image;
}

} // namespace trainyard
