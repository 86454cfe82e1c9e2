// By name or by content: what counts as an image.
#include <array>
#include <string>

#include <gtest/gtest.h>

#include "actors/coordinator/image_names.hpp"

namespace trainyard {
namespace {

bool magic(std::string_view start) {
  return has_image_magic({reinterpret_cast<const unsigned char*>(start.data()), start.size()});
}

std::string bitmap(unsigned char header_bytes) {
  return std::string("BM") + std::string(12, '\0') + static_cast<char>(header_bytes) + std::string(3, '\0');
}

TEST(image_names, knows_each_extension_in_any_case) {
  for (const auto* name : {"a.jpg", "a.JPG", "a.jpeg", "A.JpEg", "a.png", "a.PNG", "a.webp", "a.bmp",
                           "a.b.jpg", "..jpg", "a\n.jpg", "\xff\xfe.jpg"})
    EXPECT_TRUE(has_image_extension(name)) << name;
}

TEST(image_names, refuses_what_only_looks_like_one) {
  for (const auto* name :
       {"", ".", ".jpg", "jpg", "a.jpg.txt", "a.jpgg", "a.jp", "a.", "a.gif", "a.tiff", "a.jpg "})
    EXPECT_FALSE(has_image_extension(name)) << name;
}

TEST(image_names, knows_the_magic_of_each_format) {
  EXPECT_TRUE(magic("\xff\xd8\xff\xe0"));
  EXPECT_TRUE(magic("\x89PNG\r\n\x1a\n"));
  EXPECT_TRUE(magic("RIFF1234WEBPVP8 "));
  for (const int header : {12, 40, 52, 56, 64, 108, 124})
    EXPECT_TRUE(magic(bitmap(static_cast<unsigned char>(header)))) << header;
}

TEST(image_names, is_not_taken_in_by_other_content) {
  EXPECT_FALSE(magic(""));
  EXPECT_FALSE(magic("\xff\xd8"));
  EXPECT_FALSE(magic("RIFF1234WAVE"));
  EXPECT_FALSE(magic("RIFF"));
  EXPECT_FALSE(magic("BM is how this diary of eighteen bytes begins"));
  EXPECT_FALSE(magic(bitmap(41)));
  EXPECT_FALSE(magic(bitmap(40).substr(0, 17)));
  EXPECT_FALSE(magic("GIF89a"));
}

} // namespace
} // namespace trainyard
