// The reader accepts what is right and refuses each wrong file by name, with a remedy.
#include "actors/device/model/safetensors.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/support/temp_dir.hpp"
#include "tests/unit/model/tensor_file.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using namespace trainyard::testing;

void expect_refused(const std::string& file, const std::string& why) {
  const auto table = parse(file);
  ASSERT_FALSE(table.has_value()) << why;
  EXPECT_EQ(table.error().kind, failure_kind::model_invalid);
  EXPECT_THAT(table.error().cause, HasSubstr(why));
  EXPECT_FALSE(table.error().remedy.empty());
}

std::string one(std::string_view dtype, std::string_view shape, std::string_view offsets) {
  return R"({"t":{"dtype":")" + std::string(dtype) + R"(","shape":)" + std::string(shape) +
         R"(,"data_offsets":)" + std::string(offsets) + "}}";
}

TEST(safetensors, a_good_file_gives_its_tensors_and_their_bytes) {
  const temp_dir dir;
  const auto file = safetensors_file::open(dir.write("m.safetensors", good_file()));
  ASSERT_TRUE(file.has_value()) << file.error().cause;
  ASSERT_EQ(file->tensors().size(), 2U);
  const auto& b = file->tensors().find("b")->second;
  EXPECT_EQ(b.dtype, "F16");
  EXPECT_EQ(b.shape, std::vector<std::uint64_t>{4});
  EXPECT_EQ(file->bytes(b).size(), 8U);
  EXPECT_EQ(file->bytes(b)[0], std::byte{0x11});
  EXPECT_EQ(file->whole().size(), good_file().size());
}

TEST(safetensors, metadata_is_found_by_its_key_and_belongs_to_no_tensor) {
  const temp_dir dir;
  const auto file = safetensors_file::open(dir.write("m.safetensors", good_file())).value();
  ASSERT_NE(file.metadata("format"), nullptr);
  EXPECT_EQ(*file.metadata("format"), "pt");
  EXPECT_EQ(file.metadata("a"), nullptr);
  EXPECT_EQ(file.metadata("dtype"), nullptr);
}

TEST(safetensors, a_file_without_tensors_and_one_with_empty_and_scalar_tensors_are_right) {
  EXPECT_TRUE(parse(file_of("{}", "")).has_value());
  EXPECT_TRUE(parse(file_of(one("F32", "[]", "[0,4]"), "1234")).has_value());
  EXPECT_TRUE(parse(file_of(one("F32", "[0,18446744073709551615]", "[0,0]"), "")).has_value());
}

TEST(safetensors, a_prefix_that_is_cut_or_too_large_is_refused) {
  expect_refused("", "shorter than its 8 byte prefix");
  expect_refused("1234567", "shorter than its 8 byte prefix");
  expect_refused(file_of("{}", "", (16U << 20) + 1), "exceeds 16 MiB");
  expect_refused(file_of("{}", "", UINT64_MAX), "exceeds 16 MiB");
  expect_refused(file_of("{}", "", 3), "exceeds the file's");
}

TEST(safetensors, a_header_that_is_no_json_object_in_utf8_is_refused) {
  expect_refused(file_of("", ""), "start with '{'");
  expect_refused(file_of(" {}", ""), "start with '{'");
  expect_refused(file_of("[]", ""), "start with '{'");
  expect_refused(file_of("\xEF\xBB\xBF{}", ""), "start with '{'");
  expect_refused(file_of("{", ""), "not JSON");
  expect_refused(file_of("{}x", ""), "not JSON");
  expect_refused(file_of(std::string("{}\0", 3), ""), "zero byte");
  expect_refused(file_of(std::string("{}\0{\"a\":1}", 10), ""), "zero byte");
  expect_refused(file_of("{\"a\xFF\":{}}", ""), "not JSON in UTF-8");
  expect_refused(file_of("{/**/}", ""), "not JSON");
}

TEST(safetensors, nesting_anywhere_and_millions_of_brackets_are_refused) {
  expect_refused(file_of(R"({"a":{"dtype":{}}})", ""), "too deep");
  expect_refused(file_of(R"({"a":{"shape":[[1]]}})", ""), "array out of place");
  expect_refused(file_of(R"({"__metadata__":{"a":{}}})", ""), "too deep");
  std::string deep = "{\"a\":";
  deep.append(4'000'000, '[');
  expect_refused(file_of(deep, ""), "array out of place");
}

TEST(safetensors, duplicate_keys_are_refused_at_every_level) {
  const std::string entry = R"({"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  expect_refused(file_of(R"({"a":)" + entry + R"(,"a":)" + entry + "}", ""), "'a' twice");
  expect_refused(file_of(R"({"a":)" + entry + R"(,"\u0061":)" + entry + "}", ""), "'a' twice");
  expect_refused(file_of(R"({"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}})", ""),
                 "'dtype' twice");
  expect_refused(file_of(R"({"__metadata__":{"k":"1","k":"2"}})", ""), "'k' twice");
  expect_refused(file_of(R"({"__metadata__":{},"__metadata__":{}})", ""), "twice");
}

TEST(safetensors, an_entry_with_missing_unknown_or_mistyped_fields_is_refused) {
  expect_refused(file_of(R"({"a":{"dtype":"U8","shape":[0]}})", ""), "lacks one of");
  expect_refused(file_of(R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"x":1}})", ""),
                 "unknown key 'x'");
  expect_refused(file_of(R"({"a":1})", ""), "number out of place");
  expect_refused(file_of(R"({"a":null})", ""), "null");
  expect_refused(file_of(R"({"__metadata__":{"a":1}})", ""), "number out of place");
  expect_refused(file_of(one("U8", "0", "[0,0]"), ""), "number out of place");
  expect_refused(file_of(one("U8", "true", "[0,0]"), ""), "boolean");
  expect_refused(file_of(one("U8", "[0]", "[0]"), ""), "fewer than two");
  expect_refused(file_of(one("U8", "[0]", "[0,0,0]"), ""), "more than two");
  expect_refused(file_of(one("Q4", "[0]", "[0,0]"), ""), "unknown dtype 'Q4'");
}

TEST(safetensors, numbers_that_are_negative_broken_or_huge_are_refused) {
  expect_refused(file_of(one("U8", "[-1]", "[0,0]"), ""), "negative number -1");
  expect_refused(file_of(one("U8", "[1.5]", "[0,1]"), "1"), "no integer");
  expect_refused(file_of(one("U8", "[1e0]", "[0,1]"), "1"), "no integer");
  expect_refused(file_of(one("U8", "[18446744073709551616]", "[0,1]"), "1"), "no integer");
  expect_refused(file_of(one("F32", "[4294967296,4294967296]", "[0,0]"), ""), "exceeds 2^64");
  expect_refused(file_of(one("F64", "[2305843009213693952]", "[0,0]"), ""), "exceeds 2^64");
}

TEST(safetensors, ranges_that_are_reversed_outside_or_of_the_wrong_length_are_refused) {
  expect_refused(file_of(one("U8", "[1]", "[1,0]"), "1"), "end before they begin");
  expect_refused(file_of(one("U8", "[2]", "[0,2]"), "1"), "beyond the file's 1 data bytes");
  expect_refused(file_of(one("U8", "[1]", "[18446744073709551615,18446744073709551615]"), "1"), "beyond");
  expect_refused(file_of(one("F32", "[2]", "[0,4]"), "1234"), "needs 8 bytes");
}

TEST(safetensors, overlaps_holes_and_trailing_bytes_are_refused) {
  const auto two = [](std::string_view first, std::string_view second) {
    return R"({"a":{"dtype":"U8","shape":[2],"data_offsets":)" + std::string(first) +
           R"(},"b":{"dtype":"U8","shape":[2],"data_offsets":)" + std::string(second) + "}}";
  };
  expect_refused(file_of(two("[0,2]", "[1,3]"), "123"), "overlaps");
  expect_refused(file_of(two("[0,2]", "[0,2]"), "12"), "overlaps");
  expect_refused(file_of(two("[0,2]", "[3,5]"), "12345"), "hole");
  expect_refused(file_of(two("[1,3]", "[3,5]"), "12345"), "hole");
  expect_refused(file_of(two("[0,2]", "[2,4]"), "12345"), "1 bytes follow");
  expect_refused(file_of("{}", "1"), "1 bytes follow");
}

TEST(safetensors, names_reach_the_message_without_control_characters_and_bounded) {
  const auto table = parse(file_of("{\"\\u001b[2J" + std::string(500, 'x') + "\":1}", ""));
  ASSERT_FALSE(table.has_value());
  EXPECT_EQ(table.error().cause.find('\x1b'), std::string::npos);
  EXPECT_LT(table.error().cause.size(), 250U);
}

TEST(safetensors, other_things_than_weights_are_named_for_what_they_are) {
  expect_refused("PK\x03\x04 torchscript archive", "pickle or TorchScript");
  expect_refused("\x80\x02}q.", "pickle or TorchScript");
  expect_refused("version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer");
  const temp_dir dir;
  EXPECT_EQ(safetensors_file::open(dir.path()).error().kind, failure_kind::model_invalid);
  EXPECT_EQ(safetensors_file::open(dir.path() / "none").error().kind, failure_kind::model_missing);
  EXPECT_THAT(safetensors_file::open(dir.write("empty", "")).error().cause, HasSubstr("is empty"));
  std::filesystem::create_symlink("nowhere", dir.path() / "link");
  EXPECT_EQ(safetensors_file::open(dir.path() / "link").error().kind, failure_kind::model_missing);
  ASSERT_EQ(::mkfifo((dir.path() / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(safetensors_file::open(dir.path() / "pipe").error().cause, HasSubstr("not a regular file"));
}

} // namespace
} // namespace trainyard
