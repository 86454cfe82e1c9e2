// What numpy writes is read; everything else is refused with what is wrong, and nothing is trusted.
#include "actors/search/npy_header.hpp"

#include <random>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "actors/coordinator/output/npy_file.hpp"
#include "actors/search/npy_rows.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;

/// A header of format 1.0 around `dict`, filled up as numpy does.
std::string header(std::string dict, char major = 1) {
  const std::size_t before = major == 1 ? 10 : 12;
  dict.resize((before + dict.size() + 1 + 63) / 64 * 64 - before - 1, ' ');
  dict += '\n';
  std::string text = std::string("\x93NUMPY") + major + '\0';
  for (std::size_t i = 0; i < before - 8; ++i)
    text += static_cast<char>(dict.size() >> 8 * i & 0xFFU);
  return text + dict;
}

std::string told(const std::string& dict, std::uint64_t body) {
  const auto text = header(dict);
  const auto layout = read_npy_header(text, text.size() + body);
  return layout ? "nothing" : layout.error();
}

TEST(npy_header, reads_what_the_product_and_numpy_write) {
  const auto own = read_npy_header(npy_header(3, 5, "fp32"), npy_header_bytes + 60);
  ASSERT_TRUE(own) << own.error();
  EXPECT_EQ(own->rows, 3);
  EXPECT_EQ(own->dim, 5);
  EXPECT_EQ(own->format, number_format::fp32);
  EXPECT_EQ(own->offset, npy_header_bytes);
  EXPECT_EQ(told("{'descr': '<f2', 'fortran_order': False, 'shape': (3, 5), }", 30), "nothing");
  EXPECT_EQ(told("{'shape': (3,5), 'descr':'<f2','fortran_order':False}", 30), "nothing");
  const auto second = header("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1), }", 2);
  EXPECT_TRUE(read_npy_header(second, second.size() + 4));
}

TEST(npy_header, refuses_other_numbers_orders_and_shapes_by_what_is_wrong) {
  EXPECT_THAT(told("{'descr': '>f4', 'fortran_order': False, 'shape': (3, 5), }", 60),
              HasSubstr("not <f2 or <f4"));
  EXPECT_THAT(told("{'descr': '|O', 'fortran_order': False, 'shape': (3, 5), }", 60),
              HasSubstr("not <f2 or <f4"));
  EXPECT_THAT(told("{'descr': '<f4', 'fortran_order': True, 'shape': (3, 5), }", 60), HasSubstr("Fortran"));
  EXPECT_THAT(told("{'descr': '<f4', 'fortran_order': False, 'shape': (15,), }", 60), HasSubstr("two sides"));
  EXPECT_THAT(told("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 5, 1), }", 60),
              HasSubstr("two sides"));
  EXPECT_THAT(told("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 0), }", 0), HasSubstr("0 numbers"));
  EXPECT_THAT(told("{'descr': '<f4', 'fortran_order': False, 'shape': (-3, 5), }", 60),
              HasSubstr("two sides"));
  EXPECT_THAT(told("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (3, 5)}", 60),
              HasSubstr("does not read"));
  EXPECT_THAT(told("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 5)} import os", 60),
              HasSubstr("does not read"));
}

TEST(npy_header, refuses_a_shape_that_the_file_does_not_hold_whatever_its_product) {
  EXPECT_THAT(told("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 5), }", 59), HasSubstr("59 bytes"));
  EXPECT_THAT(told("{'descr': '<f4', 'fortran_order': False, 'shape': (4, 5), }", 60), HasSubstr("4 rows"));
  EXPECT_THAT(told("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808, 2), }", 0),
              HasSubstr("0 bytes"));
  EXPECT_THAT(told("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 2), }", 0),
              HasSubstr("two sides"));
  EXPECT_THAT(told("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 4294967297), }", 4),
              HasSubstr("numbers"));
}

TEST(npy_header, refuses_files_that_are_cut_off_or_something_else) {
  EXPECT_FALSE(read_npy_header("", 0));
  EXPECT_FALSE(read_npy_header("PK\x03\x04 a zip file", 100));
  const auto good = npy_header(3, 5, "fp16");
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(read_npy_header(std::string_view(good).substr(0, size), size)) << size;
  EXPECT_FALSE(read_npy_header(std::string("\x93NUMPY\x03\x00", 8) + good.substr(8), good.size() + 30));
  EXPECT_FALSE(read_npy_header(std::string("\x93NUMPY\x01\x00\xFF\xFF", 10) + good.substr(10), 100'000));
}

TEST(npy_header, no_damaged_byte_makes_it_read_beyond_the_text) {
  std::mt19937 random(7);
  const auto good = npy_header(3, 5, "fp16");
  for (int round = 0; round < 20'000; ++round) {
    auto text = good;
    for (int change = 0; change < 3; ++change)
      text[random() % text.size()] = static_cast<char>(random());
    const auto layout = read_npy_header(text, text.size() + 30);
    if (layout) {
      EXPECT_EQ(layout->offset + layout->rows * layout->row_bytes(), text.size() + 30);
    }
  }
}

TEST(npy_rows, a_bad_file_is_refused_by_name_and_a_pipe_without_waiting) {
  const testing::temp_dir dir;
  const auto file = dir.write("vectors.npy", "not numpy");
  const auto refused = npy_rows::open(file);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, failure_kind::output_corrupt);
  EXPECT_THAT(refused.error().cause, HasSubstr(file.string()));
  const auto pipe = dir.path() / "pipe.npy";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(npy_rows::open(pipe).error().cause, HasSubstr("no regular file"));
  EXPECT_FALSE(npy_rows::open(dir.path() / "nowhere.npy"));
}

} // namespace
} // namespace trainyard
