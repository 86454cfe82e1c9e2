// The pixels of a JPEG, by one TurboJPEG handle per thread.
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <turbojpeg.h>

#include "actors/device/image/jpeg.hpp"

namespace trainyard {
namespace {

struct close_handle {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using turbo_handle = std::unique_ptr<void, close_handle>;

tjhandle handle_of_this_thread() {
  thread_local turbo_handle handle;
  if (!handle)
    handle.reset(tjInitDecompress());
  return handle.get();
}

bool is_harmless(std::string_view warning) {
  return warning.find("unknown JFIF revision") != std::string_view::npos ||
         warning.find("Unknown Adobe color transform") != std::string_view::npos;
}

failure explain(tjhandle handle, bool has_end) {
  const std::string text = tjGetErrorStr2(handle);
  if (text.find("emory") != std::string::npos)
    return {failure_kind::image_out_of_memory, "libjpeg: " + text, "give the worker more memory"};
  const bool cut = !has_end || text.find("Premature end of JPEG") != std::string::npos;
  return {cut ? failure_kind::image_truncated : failure_kind::image_corrupt, "libjpeg: " + text,
          "copy the file again from its source"};
}

struct target {
  std::uint8_t* pixels;
  std::uint32_t width;
  std::uint32_t height;
  int layout; ///< a TJPF
};

/// Stops at the first warning, unless that one says nothing about the pixels.
result<void> decompress(byte_view bytes, const target& to, bool has_end) {
  tjhandle handle = handle_of_this_thread();
  if (handle == nullptr)
    return fail(failure_kind::image_out_of_memory, "no memory for a JPEG decoder");
  for (const int strict : {TJFLAG_STOPONWARNING, 0}) {
    const int status = tjDecompress2(handle, bytes.data(), static_cast<unsigned long>(bytes.size()),
                                     to.pixels, static_cast<int>(to.width), 0, static_cast<int>(to.height),
                                     to.layout, strict | TJFLAG_LIMITSCANS);
    if (status == 0)
      return {};
    if (!is_harmless(tjGetErrorStr2(handle)))
      return tl::unexpected(explain(handle, has_end));
  }
  return {};
}

/// 1, 2, 4 or 8.
std::uint32_t reduction(const jpeg_header& header, std::uint32_t scaled_short_side) {
  const std::uint32_t shorter = std::min(header.width, header.height);
  std::uint32_t by = 1;
  while (scaled_short_side > 0 && by < 8 && (shorter + by * 2 - 1) / (by * 2) >= scaled_short_side)
    by *= 2;
  return by;
}

/// a x b / 255 as Pillow rounds it.
std::uint32_t scaled_product(std::uint32_t a, std::uint32_t b) {
  const std::uint32_t product = a * b + 128;
  return ((product >> 8U) + product) >> 8U;
}

/// In place, four bytes to three. `ink` holds the inverted CMYK that Adobe writes and Pillow always assumes.
void cmyk_to_rgb(std::uint8_t* ink, std::size_t pixels) {
  std::uint8_t* rgb = ink;
  for (std::size_t i = 0; i < pixels; ++i, ink += 4) {
    const std::uint32_t black = ink[3];
    for (int channel = 0; channel < 3; ++channel) {
      const std::uint32_t full = scaled_product(255U - ink[channel], black);
      *rgb++ = static_cast<std::uint8_t>(black - std::min(full, black));
    }
  }
}

} // namespace

result<rgb_image> decode_jpeg(byte_view bytes, std::uint32_t scaled_short_side) {
  const auto header = read_jpeg_header(bytes);
  if (!header)
    return tl::unexpected(header.error());
  const std::uint32_t by = reduction(*header, scaled_short_side);
  rgb_image image{(header->width + by - 1) / by, (header->height + by - 1) / by, nullptr};
  const std::size_t pixels = std::size_t{image.width} * image.height;
  const bool is_cmyk = header->components == 4;
  image.pixels = make_pixels(pixels * (is_cmyk ? 4 : 3));
  const auto done =
      decompress(bytes, {image.pixels.get(), image.width, image.height, is_cmyk ? TJPF_CMYK : TJPF_RGB},
                 header->has_end);
  if (!done)
    return tl::unexpected(done.error());
  if (is_cmyk)
    cmyk_to_rgb(image.pixels.get(), pixels);
  return image;
}

} // namespace trainyard
