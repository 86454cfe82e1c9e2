// Every case of the corpus through the decoder: PIL's pixels, or the right failure in bounded time and
// memory.
#include "actors/device/image/image_decode.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <map>
#include <sys/resource.h>
#include <thread>

#include "tests/unit/image/corpus.hpp"

namespace trainyard {
namespace {

using testing::corpus_bytes;
using testing::corpus_cases;

const std::map<failure_kind, std::string> kind_names{
    {failure_kind::asset_empty, "asset_empty"},
    {failure_kind::image_unsupported, "image_unsupported"},
    {failure_kind::image_truncated, "image_truncated"},
    {failure_kind::image_corrupt, "image_corrupt"},
    {failure_kind::image_too_many_pixels, "image_too_many_pixels"},
};

std::string text_of(const result<decoded_image>& decoded) {
  if (decoded)
    return "or_decoded";
  const auto name = kind_names.find(decoded.error().kind);
  return name == kind_names.end() ? code_of(decoded.error().kind) : name->second;
}

bool is_among(const std::string& one, const std::string& several) {
  return ("|" + several + "|").find("|" + one + "|") != std::string::npos;
}

long peak_kilobytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
#if defined(__APPLE__)
  return usage.ru_maxrss / 1024;
#else
  return usage.ru_maxrss;
#endif
}

TEST(image_decode, gives_the_pixels_that_pillow_gives) {
  for (const auto& image : corpus_cases()) {
    if (!image.is_good())
      continue;
    SCOPED_TRACE(image.name);
    const auto decoded = decode_image(corpus_bytes(image.name));
    ASSERT_TRUE(decoded) << decoded.error().cause;
    ASSERT_EQ(decoded->image.width, image.width);
    ASSERT_EQ(decoded->image.height, image.height);
    ASSERT_EQ(decoded->file_width, image.width);
    const auto reference = corpus_bytes(image.name + ".rgb");
    ASSERT_EQ(reference.size(), decoded->image.row_bytes() * image.height);
    const auto difference = testing::compare(decoded->image.pixels.get(), reference);
    EXPECT_LE(difference.largest, image.expected == "near" ? 4 : 0);
    EXPECT_GE(difference.cosine, 0.99999);
  }
}

TEST(image_decode, refuses_every_damaged_file_for_the_right_reason_in_bounded_time) {
  for (const auto& image : corpus_cases()) {
    if (image.is_good() || image.expected == "asset_empty")
      continue;
    SCOPED_TRACE(image.name);
    const auto start = std::chrono::steady_clock::now();
    const auto decoded = decode_image(corpus_bytes(image.name));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
    EXPECT_TRUE(is_among(text_of(decoded), image.expected))
        << text_of(decoded) << ": " << (decoded ? "" : decoded.error().cause);
    EXPECT_TRUE(decoded || !decoded.error().cause.empty());
  }
}

TEST(image_decode, needs_no_more_memory_for_bombs_than_for_photos) {
  for (const char* photo : {"photo_420.jpg", "rgb.png", "lossy.webp"})
    ASSERT_TRUE(decode_image(corpus_bytes(photo)));
  const long before = peak_kilobytes();
  for (const auto& image : corpus_cases())
    if (!image.is_good() || image.name.find("bomb") != std::string::npos)
      static_cast<void>(decode_image(corpus_bytes(image.name)));
  EXPECT_LT(peak_kilobytes() - before, 400 * 1024L);
}

TEST(image_decode, refuses_every_prefix_of_a_good_file_without_a_crash) {
  for (const char* name :
       {"odd.jpg", "palette.png", "lossless.webp", "rle8.bmp", "alpha.webp", "bits_565.bmp"}) {
    SCOPED_TRACE(name);
    const auto whole = corpus_bytes(name);
    for (std::size_t length = 0; length < whole.size(); ++length) {
      const std::vector<std::uint8_t> prefix(whole.begin(),
                                             whole.begin() + static_cast<std::ptrdiff_t>(length));
      const auto decoded = decode_image(prefix);
      // A BMP's last row may lack its padding, and run lengths their end mark: no pixel is missing then.
      EXPECT_TRUE(!decoded || length + 4 >= whole.size()) << length;
    }
  }
}

TEST(image_decode, survives_any_changed_byte_in_the_head_of_a_file) {
  for (const char* name : {"odd.jpg", "cmyk.jpg", "palette_4.png", "one_pixel.webp", "alpha.webp",
                           "animated.webp", "rle8.bmp", "bits_565.bmp", "core_header.bmp"}) {
    SCOPED_TRACE(name);
    auto bytes = corpus_bytes(name);
    for (std::size_t at = 0; at < std::min<std::size_t>(bytes.size(), 160); ++at)
      for (const std::uint8_t value : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
        const std::uint8_t kept = std::exchange(bytes[at], value);
        static_cast<void>(decode_image(bytes));
        bytes[at] = kept;
      }
  }
}

TEST(image_decode, scales_a_large_jpeg_down_only_as_far_as_the_short_side_allows) {
  const auto bytes = corpus_bytes("photo_420.jpg"); // 501 x 333
  for (const auto& [least, width, height] : std::vector<std::array<std::uint32_t, 3>>{
           {0, 501, 333}, {334, 501, 333}, {168, 501, 333}, {167, 251, 167}, {84, 126, 84}, {1, 63, 42}}) {
    const auto decoded = decode_image(bytes, {least});
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->image.width, width) << least;
    EXPECT_EQ(decoded->image.height, height) << least;
    EXPECT_EQ(decoded->file_width, 501U);
  }
}

TEST(image_decode, gives_the_same_pixels_from_many_threads_at_once) {
  const std::vector<std::string> names{"photo_progressive.jpg", "rgb.png", "lossy.webp", "cut_50.jpg",
                                       "rle8.bmp"};
  std::vector<byte_buffer> files;
  std::vector<result<decoded_image>> alone;
  for (const auto& name : names) {
    files.push_back(corpus_bytes(name));
    alone.push_back(decode_image(files.back()));
  }
  std::atomic<int> wrong = 0;
  const auto decode_all = [&] {
    for (int round = 0; round < 5; ++round)
      for (std::size_t i = 0; i < files.size(); ++i) {
        const auto decoded = decode_image(files[i]);
        if (decoded.has_value() != alone[i].has_value() ||
            (decoded &&
             !std::equal(decoded->image.pixels.get(),
                         decoded->image.pixels.get() + decoded->image.row_bytes() * decoded->image.height,
                         alone[i]->image.pixels.get())))
          ++wrong;
      }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back(decode_all);
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

} // namespace
} // namespace trainyard
