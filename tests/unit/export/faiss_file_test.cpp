// The header is, byte for byte, what faiss.write_index of 1.7 to 1.13 writes.
#include "actors/export/faiss_file.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

TEST(faiss_file, header_is_that_of_an_index_of_inner_products) {
  const auto header = faiss_header(3, 5);
  const std::string wanted("IxFI"
                           "\x05\x00\x00\x00"
                           "\x03\x00\x00\x00\x00\x00\x00\x00"
                           "\x00\x00\x10\x00\x00\x00\x00\x00"
                           "\x00\x00\x10\x00\x00\x00\x00\x00"
                           "\x01"
                           "\x00\x00\x00\x00"
                           "\x0F\x00\x00\x00\x00\x00\x00\x00",
                           45);
  EXPECT_EQ(header, wanted);
}

} // namespace
} // namespace trainyard
