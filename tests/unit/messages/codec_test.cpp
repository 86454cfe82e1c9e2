// Wire structs survive both codings; hostile or wrong input is a named failure.
#include "messages/codec.hpp"

#include <gtest/gtest.h>

#include "messages/images.hpp"
#include "messages/wire.hpp"

namespace trainyard {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

work_batch sample_batch() {
  work_batch batch;
  batch.session = "s1";
  batch.batch = 7;
  batch.attempt = 2;
  batch.model = "efficientnet-lite0";
  batch.space_id = "abc";
  batch.root = "run";
  batch.assets = {{"a/b.jpg", 123, -5}, {"c\xff.png", 1ull << 40, 99}};
  return batch;
}

batch_result sample_result() {
  batch_result done;
  done.session = "s1";
  done.dim = 2;
  done.embedded = {{0, 640, 480, 123, {{std::byte{1}, std::byte{2}}}}};
  done.vectors.bytes = {std::byte{0}, std::byte{0xff}, std::byte{7}, std::byte{8}};
  done.failed = {{1, 2102, "cut"}};
  done.seconds = {0.5, 1.25, 2};
  return done;
}

TEST(codec, a_batch_survives_msgpack) {
  EXPECT_EQ(decode<work_batch>(to_msgpack(sample_batch())).value(), sample_batch());
}

TEST(codec, a_result_survives_both_codings) {
  EXPECT_EQ(decode<batch_result>(to_msgpack(sample_result())).value(), sample_result());
  EXPECT_EQ(decode<batch_result>(bytes_of(to_json_text(sample_result()))).value(), sample_result());
}

TEST(codec, an_absent_optional_stays_absent) {
  session_progress progress;
  EXPECT_EQ(decode<session_progress>(to_msgpack(progress)).value().eta_seconds, std::nullopt);
  progress.eta_seconds = 2.5;
  EXPECT_EQ(decode<session_progress>(bytes_of(to_json_text(progress))).value().eta_seconds, 2.5);
}

TEST(codec, a_message_cut_at_any_byte_is_refused) {
  const auto whole = to_msgpack(sample_result());
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(decode<batch_result>(std::span(whole).first(length))) << length;
}

TEST(codec, what_travels_of_images_survives_both_codings) {
  const image_request asked{1, "a/b.jpg", 7, 8, 9, -10};
  EXPECT_EQ(*decode<image_request>(to_msgpack(asked)), asked);
  image_chunk part{1, 20, -3, {{std::byte{0}, std::byte{255}}}};
  EXPECT_EQ(*decode<image_chunk>(to_msgpack(part)), part);
  const upload_request sent{1, "write", "a.jpg", 5, -6, {{std::byte{1}}}, 2, {{std::byte{3}}}};
  EXPECT_EQ(*decode<upload_request>(to_msgpack(sent)), sent);
  const auto text = to_json_text(sent);
  EXPECT_EQ(*decode<upload_request>(std::as_bytes(std::span(text))), sent);
  EXPECT_EQ(*decode<upload_reply>(to_msgpack(upload_reply{1, true})), (upload_reply{1, true}));
}

TEST(codec, work_of_an_older_coordinator_is_read_from_the_disk) {
  const std::string older =
      R"({"schema":1,"session":"s","batch":1,"attempt":1,"model":"m","space_id":"x","root":"r","directory":"","dtype":"fp16","assets":[]})";
  const auto work = decode<work_batch>(std::as_bytes(std::span(older)));
  ASSERT_TRUE(work) << work.error().cause;
  EXPECT_FALSE(work->remote);
}

TEST(codec, bytes_after_the_message_are_refused) {
  auto longer = to_msgpack(sample_batch());
  longer.push_back(std::byte{0xc0});
  EXPECT_FALSE(decode<work_batch>(longer));
}

TEST(codec, five_bytes_that_claim_four_billion_items_are_refused_at_once) {
  for (auto claim :
       {"\xdd\xff\xff\xff\xff", "\xdb\xff\xff\xff\xff", "\xdf\xff\xff\xff\xff", "\xc6\xff\xff\xff\xff"})
    EXPECT_EQ(decode<work_batch>(bytes_of(claim)).error().kind, failure_kind::message_invalid);
}

TEST(codec, deep_nesting_is_refused_in_both_codings) {
  EXPECT_FALSE(decode<work_batch>(bytes_of(std::string(100'000, '\x91'))));
  std::string json = "{\"a\":";
  json.append(100'000, '[');
  EXPECT_FALSE(decode<work_batch>(bytes_of(json)));
}

TEST(codec, a_missing_field_is_named) {
  const auto refused = decode<work_asset>(bytes_of(R"({"path":"x","bytes":1})"));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().cause.find("mtime_ns"), std::string::npos);
}

TEST(codec, a_field_of_another_type_or_range_is_refused) {
  EXPECT_FALSE(decode<work_asset>(bytes_of(R"({"path":"x","bytes":"1","mtime_ns":0})")));
  EXPECT_FALSE(decode<work_asset>(bytes_of(R"({"path":"x","bytes":-1,"mtime_ns":0})")));
  EXPECT_FALSE(decode<failed_asset>(bytes_of(R"({"position":4294967296,"kind":1,"reason":""})")));
}

TEST(codec, a_doubled_key_is_refused_in_both_codings) {
  EXPECT_FALSE(decode<work_asset>(bytes_of(R"({"path":"x","path":"y","bytes":1,"mtime_ns":0})")));
  msgpack::sbuffer buffer;
  msgpack::packer out(buffer);
  out.pack_map(4);
  for (const char* key : {"path", "path"})
    out.pack(key).pack("x");
  out.pack("bytes").pack(1).pack("mtime_ns").pack(0);
  EXPECT_FALSE(decode<work_asset>(std::as_bytes(std::span(buffer.data(), buffer.size()))));
}

TEST(codec, unknown_fields_are_ignored) {
  EXPECT_TRUE(decode<work_asset>(bytes_of(R"({"path":"x","bytes":1,"mtime_ns":0,"later":[1,{"a":2}]})")));
}

TEST(codec, base64_refuses_what_is_not_base64) {
  EXPECT_EQ(from_base64("AAE=").value().size(), 2u);
  EXPECT_FALSE(from_base64("A"));
  EXPECT_FALSE(from_base64("!!=="));
}

TEST(codec, file_names_of_any_bytes_become_printable) {
  EXPECT_EQ(printable_utf8("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f");
  EXPECT_EQ(printable_utf8("a\xff\xc3"), "a\\xff\\xc3");
  EXPECT_EQ(printable_utf8("\xed\xa0\x80"), "\\xed\\xa0\\x80");
}

} // namespace
} // namespace trainyard
