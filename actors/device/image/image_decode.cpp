// Header, caps, decoder: no decoder runs before its header passed.
#include "actors/device/image/image_decode.hpp"

#include "actors/device/image/bmp.hpp"
#include "actors/device/image/jpeg.hpp"
#include "actors/device/image/png.hpp"
#include "actors/device/image/webp.hpp"

namespace trainyard {
namespace {

result<rgb_image> decode_as(image_format format, byte_view bytes, const decode_options& options) {
  switch (format) {
  case image_format::jpeg:
    return decode_jpeg(bytes, options.scaled_short_side);
  case image_format::png:
    return decode_png(bytes);
  case image_format::webp:
    return decode_webp(bytes);
  case image_format::bmp:
    return decode_bmp(bytes);
  }
  return fail(failure_kind::internal, "an image format without a decoder");
}

} // namespace

result<decoded_image> decode_image(byte_view bytes, const decode_options& options) {
  const auto header = read_image_header(bytes);
  if (!header)
    return tl::unexpected(header.error());
  auto image = decode_as(header->format, bytes, options);
  if (!image)
    return tl::unexpected(image.error());
  return decoded_image{std::move(*image), header->width, header->height};
}

} // namespace trainyard
