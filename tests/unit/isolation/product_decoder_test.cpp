// The real decoder in its sandbox: the same pixels and the same words as without, in flat memory.
#include <fstream>
#include <iostream>

#include <gmock/gmock.h>
#include <unistd.h>

#include "actors/device/image/image_reader.hpp"
#include "tests/unit/image/corpus.hpp"
#include "tests/unit/isolation/decoder_bench.hpp"

namespace trainyard {
namespace {

using testing::corpus_cases;
using testing::corpus_folder;
using ::testing::HasSubstr;

class product_decoder : public testing::decoder_bench {
protected:
  product_decoder() { settings.program = TRAINYARD_DECODER; }
  root_directory corpus = std::move(*root_directory::open(corpus_folder()));
};

TEST_F(product_decoder, gives_every_image_of_the_corpus_the_same_pixels_or_the_same_words_as_without_it) {
  const auto reader = make_reader();
  stage_seconds seconds;
  for (const auto& image : corpus_cases()) {
    SCOPED_TRACE(image.name);
    const auto here = read_image(corpus, image.name, spec, seconds);
    const auto there = reader->read(corpus, image.name, seconds);
    ASSERT_EQ(there.has_value(), here.has_value()) << (there ? "" : there.error().cause);
    if (here) {
      EXPECT_EQ(there->pixels, here->pixels);
      EXPECT_EQ(there->width, here->width);
      EXPECT_EQ(there->height, here->height);
      EXPECT_EQ(there->sha256, here->sha256);
      EXPECT_EQ(there->bytes, here->bytes);
      EXPECT_EQ(there->mtime_ns, here->mtime_ns);
    } else {
      EXPECT_EQ(there.error().kind, here.error().kind);
      EXPECT_EQ(there.error().cause, here.error().cause);
      EXPECT_EQ(there.error().remedy, here.error().remedy);
    }
  }
}

TEST_F(product_decoder, prepares_images_in_every_way_that_a_model_may_want) {
  for (const auto fit : {image_fit::shorter_side, image_fit::squash})
    for (const auto filter : {interpolation::bicubic, interpolation::bilinear})
      for (const auto offset : {crop_offset::rounded_down, crop_offset::half_to_even}) {
        spec.resize = spec.crop = 51; // so that a middle may lie between two pixels
        spec.fit = fit;
        spec.filter = filter;
        spec.offset = offset;
        const auto reader = make_reader();
        stage_seconds seconds;
        const auto here = read_image(corpus, "rgb.png", spec, seconds);
        const auto there = reader->read(corpus, "rgb.png", seconds);
        ASSERT_TRUE(here && there);
        EXPECT_EQ(there->pixels, here->pixels);
      }
}

TEST_F(product_decoder, stays_one_process_through_the_whole_corpus) {
  const auto reader = make_reader();
  ASSERT_TRUE(reader->start());
  const auto pid = reader->decoder_pid();
  stage_seconds seconds;
  for (const auto& image : corpus_cases()) {
    static_cast<void>(reader->read(corpus, image.name, seconds));
    ASSERT_EQ(reader->decoder_pid(), pid) << image.name << " ended the decoder";
  }
}

/// Rows of runs: 9,000 x 9,000 pixels, 243 MB when decoded, in 666 KB.
std::string large_bitmap() {
  constexpr std::uint32_t side = 9'000;
  std::string file(54 + 1024, '\0');
  const auto put = [&file](std::size_t at, std::uint32_t value) {
    for (std::size_t byte = 0; byte < 4; ++byte)
      file[at + byte] = static_cast<char>(value >> (8 * byte));
  };
  file[0] = 'B', file[1] = 'M';
  put(10, 54 + 1024), put(14, 40), put(18, side), put(22, side);
  file[26] = 1, file[28] = 8, file[30] = 1;
  for (std::uint32_t row = 0; row < side; ++row) {
    for (std::uint32_t left = side; left > 0; left -= std::min(left, 255U))
      file += static_cast<char>(std::min(left, 255U)), file += '\1';
    file += std::string("\0\0", 2);
  }
  return file + std::string("\0\1", 2);
}

TEST_F(product_decoder, an_image_beyond_the_memory_limit_fails_with_the_limit_in_its_reason) {
  folder.write("large.bmp", large_bitmap());
  stage_seconds seconds;
  const auto enough = make_reader();
  const auto decoded = enough->read(root, "large.bmp", seconds);
  ASSERT_TRUE(decoded) << decoded.error().cause;
  EXPECT_EQ(decoded->width, 9'000U);
  if ((enough->confined() & static_cast<std::uint32_t>(confinement::memory_limit)) == 0)
    GTEST_SKIP() << "no memory limit on this system or under a sanitizer";
  settings.memory_limit_bytes = 200ULL << 20U;
  const auto short_of = make_reader();
  const auto refused = short_of->read(root, "large.bmp", seconds);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, failure_kind::decoder_out_of_memory);
  EXPECT_THAT(refused.error().cause, HasSubstr("needed more than 200 MiB"));
  EXPECT_TRUE(short_of->read(corpus, "rgb.png", seconds));
}

#ifdef __linux__
std::uint64_t resident_kib(pid_t pid) {
  std::ifstream statm("/proc/" + std::to_string(pid) + "/statm");
  std::uint64_t mapped = 0;
  std::uint64_t resident = 0;
  statm >> mapped >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) / 1024;
}

TEST_F(product_decoder, holds_no_more_memory_after_ten_thousand_images_than_after_one_thousand) {
  const auto reader = make_reader();
  stage_seconds seconds;
  const std::vector<std::string> names{
      "odd.jpg",     "rgba.png",       "lossless.webp",       "rle8.bmp",          "cut_50.png", "grey16.png",
      "bit_rot.png", "one_pixel.webp", "cut_progressive.jpg", "palette_alphas.png"};
  std::uint64_t early = 0;
  for (int i = 0; i < 10'000; ++i) {
    static_cast<void>(reader->read(corpus, names[static_cast<std::size_t>(i) % names.size()], seconds));
    if (i == 1'000)
      early = resident_kib(reader->decoder_pid());
  }
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer holds on to what was freed";
#endif
  const auto late = resident_kib(reader->decoder_pid());
  std::cout << "resident KiB of a decoder: " << early << " after 1,000 images, " << late << " after 10,000\n";
  EXPECT_LT(late, early + 1'024);
}
#endif

} // namespace
} // namespace trainyard
