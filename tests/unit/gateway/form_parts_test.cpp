// Forms with files, as libraries send them, and as nobody should.
#include "nodes/gateway/form_parts.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

constexpr std::string_view plain = "multipart/form-data; boundary=xyz";

TEST(form_parts, parts_have_names_and_their_bytes_as_they_are) {
  using namespace std::string_view_literals;
  const auto body = "--xyz\r\nContent-Disposition: form-data; name=\"entries\"\r\n\r\n{}\r\n"
                    "--xyz\r\ncontent-disposition: form-data; filename=\"a;b.jpg\"; name=\"image\"\r\n"
                    "Content-Type: image/jpeg\r\n\r\n\xFF\xD8\r\n\0--xy\r\n"
                    "--xyz--\r\n"sv;
  const auto parts = form_parts(plain, body).value();
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].name, "entries");
  EXPECT_EQ(parts[0].content, "{}");
  EXPECT_EQ(parts[1].name, "image");
  EXPECT_EQ(parts[1].content, "\xFF\xD8\r\n\0--xy"sv);
}

TEST(form_parts, a_boundary_may_stand_in_quotes_and_text_before_it_is_nothing) {
  const auto parts = form_parts("multipart/form-data; charset=utf-8; boundary=\"a b\"",
                                "hello\r\n--a b\r\nContent-Disposition: form-data; name=x\r\n\r\n\r\n--a b--")
                         .value();
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].name, "x");
  EXPECT_EQ(parts[0].content, "");
}

TEST(form_parts, a_form_may_begin_with_an_empty_line) {
  const auto parts =
      form_parts(plain, "\r\n--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--xyz--").value();
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].content, "b");
}

TEST(form_parts, an_empty_form_has_no_parts) {
  EXPECT_TRUE(form_parts(plain, "--xyz--\r\n").value().empty());
}

TEST(form_parts, what_is_no_form_is_refused) {
  for (const auto* type : {"multipart/form-data", "multipart/form-data; boundary=", "", "boundary=xyz",
                           "multipart/form-data; boundary=\"xyz"})
    EXPECT_FALSE(form_parts(type, "--xyz--")) << type;
  for (const auto* body :
       {"", "x", "--xyz", "--xyz\r\n", "--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\nb",
        "--xyz\r\nContent-Disposition: form-data; name=a\r\n--xyz--", "--xyz\r\n\r\nb\r\n--xyz--",
        "--xyz\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nb\r\n--xyz--",
        "--xyzContent-Disposition: form-data; name=a\r\n\r\nb\r\n--xyz--"})
    EXPECT_FALSE(form_parts(plain, body)) << body;
}

TEST(form_parts, more_parts_than_anybody_needs_are_refused) {
  std::string body;
  for (std::size_t i = 0; i <= most_form_parts; ++i)
    body += "--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n";
  EXPECT_FALSE(form_parts(plain, body + "--xyz--"));
}

} // namespace
} // namespace trainyard
