// The allow-list of formats. What is not on it never reaches a decoder.
#include "actors/device/image/image_format.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "actors/device/image/bmp.hpp"
#include "actors/device/image/jpeg.hpp"
#include "actors/device/image/png.hpp"
#include "actors/device/image/webp.hpp"

namespace trainyard {
namespace {

using namespace std::string_view_literals;

bool has(byte_view bytes, std::size_t at, std::string_view magic) {
  return bytes.size() >= at + magic.size() &&
         std::equal(magic.begin(), magic.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char left, std::uint8_t right) { return static_cast<std::uint8_t>(left) == right; });
}

struct stranger {
  std::size_t at;
  std::string_view magic;
  std::string_view name;
};

constexpr std::array strangers{
    stranger{0, "GIF8"sv, "a GIF"},
    stranger{0, "II*\0"sv, "a TIFF"},
    stranger{0, "MM\0*"sv, "a TIFF"},
    stranger{0, "II+\0"sv, "a BigTIFF"},
    stranger{4, "ftypavif"sv, "an AVIF"},
    stranger{4, "ftypavis"sv, "an AVIF"},
    stranger{4, "ftyphei"sv, "a HEIC"},
    stranger{4, "ftyphev"sv, "a HEIC"},
    stranger{4, "ftypmif1"sv, "a HEIF"},
    stranger{4, "ftyp"sv, "a video"},
    stranger{0, "\0\0\0\x0cjP  "sv, "a JPEG 2000"},
    stranger{0, "\xff\x4f\xff\x51"sv, "a JPEG 2000"},
    stranger{0, "\xff\x0a"sv, "a JPEG XL"},
    stranger{0, "\0\0\0\x0cJXL "sv, "a JPEG XL"},
    stranger{0, "v/1\x01"sv, "an OpenEXR"},
    stranger{0, "#?RADIANCE"sv, "a Radiance HDR"},
    stranger{0, "8BPS"sv, "a Photoshop document"},
    stranger{0, "%PDF"sv, "a PDF"},
    stranger{0, "PK\x03\x04"sv, "a ZIP"},
    stranger{0, "\x1f\x8b"sv, "gzip data"},
    stranger{128, "DICM"sv, "a DICOM"},
    stranger{0, "\0\0\x01\0"sv, "an icon"},
    stranger{0, "<svg"sv, "an SVG"},
    stranger{0, "<?xml"sv, "XML"},
    stranger{0, "<!DOCTYPE"sv, "HTML"},
    stranger{0, "<!doctype"sv, "HTML"},
    stranger{0, "<html"sv, "HTML"},
    stranger{0, "<HTML"sv, "HTML"},
};

bool is_text(byte_view bytes) {
  const auto head = bytes.first(std::min<std::size_t>(bytes.size(), 512));
  return std::all_of(head.begin(), head.end(), [](std::uint8_t byte) {
    return byte == '\n' || byte == '\r' || byte == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

tl::unexpected<failure> unsupported(byte_view bytes) {
  std::string_view looks = is_text(bytes) ? "text" : "nothing known";
  for (const auto& known : strangers)
    if (has(bytes, known.at, known.magic)) {
      looks = known.name;
      break;
    }
  return fail(failure_kind::image_unsupported,
              "the content looks like " + std::string(looks) + ", not JPEG, PNG, WebP or BMP",
              "convert the file to one of these");
}

template <class Header>
result<image_header> as_header(image_format format, const result<Header>& header) {
  return header.map([format](const Header& read) { return image_header{format, read.width, read.height}; });
}

} // namespace

result<image_header> read_image_header(byte_view bytes) {
  if (has(bytes, 0, "\xff\xd8\xff"sv))
    return as_header(image_format::jpeg, read_jpeg_header(bytes));
  if (has(bytes, 0, "\x89PNG\r\n\x1a\n"sv))
    return as_header(image_format::png, read_png_header(bytes));
  if (has(bytes, 0, "RIFF"sv) && has(bytes, 8, "WEBP"sv))
    return as_header(image_format::webp, read_webp_header(bytes));
  if (has(bytes, 0, "BM"sv) && !is_text(bytes))
    return as_header(image_format::bmp, read_bmp_header(bytes));
  return unsupported(bytes);
}

} // namespace trainyard
