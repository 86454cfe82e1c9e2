// OpenCV throws, returns nothing or another size for bad data, depending on the format: here all are one
// failure.
#include "actors/device/image/opencv_decode.hpp"

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <string>

namespace trainyard {
namespace {

struct expected_mat {
  std::uint32_t width;
  std::uint32_t height;
  int type;
};

/// OpenCV makes the memory: of a matrix that it is given, 4.6 returns the old content when a header is bad.
result<cv::Mat> decode(byte_view bytes, int flags, const expected_mat& expected) {
  try {
    const cv::Mat input(1, static_cast<int>(bytes.size()), CV_8UC1, const_cast<std::uint8_t*>(bytes.data()));
    cv::Mat decoded = cv::imdecode(input, flags | cv::IMREAD_IGNORE_ORIENTATION);
    if (decoded.cols == static_cast<int>(expected.width) &&
        decoded.rows == static_cast<int>(expected.height) && decoded.type() == expected.type &&
        decoded.isContinuous())
      return decoded;
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
  auto decoded = decode(bytes, cv::IMREAD_COLOR, {width, height, CV_8UC3});
  if (!decoded)
    return tl::unexpected(decoded.error());
  const auto owner = std::make_shared<cv::Mat>(std::move(*decoded));
  rgb_image image{width, height, std::shared_ptr<std::uint8_t[]>(owner, owner->data)};
  std::uint8_t* pixel = image.pixels.get();
  for (std::size_t left = std::size_t{width} * height; left > 0; --left, pixel += 3)
    std::swap(pixel[0], pixel[2]);
  return image;
}

result<rgb_image> decode_grey16(byte_view bytes, std::uint32_t width, std::uint32_t height) {
  const auto decoded = decode(bytes, cv::IMREAD_ANYDEPTH | cv::IMREAD_GRAYSCALE, {width, height, CV_16UC1});
  if (!decoded)
    return tl::unexpected(decoded.error());
  rgb_image image = make_rgb_image(width, height);
  std::uint8_t* pixel = image.pixels.get();
  const auto* values = decoded->ptr<std::uint16_t>();
  for (std::size_t i = 0; i < std::size_t{width} * height; ++i)
    pixel = std::fill_n(pixel, 3, static_cast<std::uint8_t>(std::min<std::uint16_t>(values[i], 255)));
  return image;
}

} // namespace trainyard
