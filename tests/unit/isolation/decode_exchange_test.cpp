// Whatever bytes a decoder writes, the worker takes only numbers in range and short printable texts.
#include "actors/device/isolation/decode_exchange.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

decode_request request() {
  decode_request asked;
  asked.number = 7;
  return asked;
}

TEST(decode_exchange, takes_an_answer_with_the_requests_number_and_sides_within_the_caps) {
  EXPECT_TRUE(is_sound(answer_of(7, 640, 480), request()));
  EXPECT_FALSE(is_sound(answer_of(8, 640, 480), request()));
  EXPECT_FALSE(is_sound(answer_of(7, 0, 480), request()));
  EXPECT_FALSE(is_sound(answer_of(7, 640, 65'536), request()));
  EXPECT_FALSE(is_sound(answer_of(7, 65'535, 65'535), request()));
}

TEST(decode_exchange, takes_only_failures_that_decoding_ends_in) {
  for (const auto kind : {failure_kind::image_corrupt, failure_kind::image_truncated, failure_kind::internal,
                          failure_kind::image_too_many_pixels, failure_kind::decoder_out_of_memory})
    EXPECT_TRUE(is_sound(answer_of(7, {kind, "bad", ""}), request())) << code_of(kind);
  for (const auto kind : {failure_kind::disk_full, failure_kind::asset_missing, failure_kind::interrupted})
    EXPECT_FALSE(is_sound(answer_of(7, {kind, "bad", ""}), request())) << code_of(kind);
  auto wrapped = answer_of(7, {failure_kind::image_corrupt, "bad", ""});
  wrapped.kind += 0x1'0000;
  EXPECT_FALSE(is_sound(wrapped, request())) << "the same number in 16 bits";
}

TEST(decode_exchange, keeps_texts_whole_up_to_their_room_and_cuts_what_is_longer) {
  const auto kept = failure_in(answer_of(7, {failure_kind::image_corrupt, "cause", "remedy"}));
  EXPECT_EQ(kept.kind, failure_kind::image_corrupt);
  EXPECT_EQ(kept.cause, "cause");
  EXPECT_EQ(kept.remedy, "remedy");
  const auto cut = failure_in(answer_of(7, {failure_kind::image_corrupt, std::string(5000, 'x'), ""}));
  EXPECT_EQ(cut.cause, std::string(299, 'x'));
}

TEST(decode_exchange, shows_nothing_but_printable_ascii_and_reads_no_further_than_the_field) {
  decode_answer answer;
  put_text(answer.cause, "\x1b[31mred\nline \xff");
  EXPECT_EQ(text_in(answer.cause), "?[31mred?line ?");
  answer.cause.fill('y');
  EXPECT_EQ(text_in(answer.cause), std::string(answer.cause.size(), 'y'));
}

} // namespace
} // namespace trainyard
