// What the reply subjects of JetStream deliveries say.
#include "nodes/nats/ack_subject.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

TEST(ack_subject, the_nine_token_form_is_read) {
  const auto got = parse_ack_subject("$JS.ACK.TRAINYARD_WORK.vit_1.3.17.4.1795458539567315794.9");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->stream, "TRAINYARD_WORK");
  EXPECT_EQ(got->consumer, "vit_1");
  EXPECT_EQ(got->delivered, 3U);
  EXPECT_EQ(got->stream_sequence, 17U);
}

TEST(ack_subject, the_forms_with_domain_and_account_are_read) {
  for (const char* text : {"$JS.ACK.hub.ACC.S.C.2.5.6.7.8", "$JS.ACK._.ACC.S.C.2.5.6.7.8.rnd"}) {
    const auto got = parse_ack_subject(text);
    ASSERT_TRUE(got) << text;
    EXPECT_EQ(got->stream, "S");
    EXPECT_EQ(got->consumer, "C");
    EXPECT_EQ(got->delivered, 2U);
    EXPECT_EQ(got->stream_sequence, 5U);
  }
}

TEST(ack_subject, anything_else_is_refused) {
  for (const char* text :
       {"", ".", "$JS.ACK", "$JS.ACK.S.C.1.2.3.4", "$JS.ACK.S.C.1.2.3.4.5.6", "$JS.ACK.S.C.x.2.3.4.5",
        "$JS.ACK.S.C.-1.2.3.4.5", "$JS.NAK.S.C.1.2.3.4.5", "_INBOX.a.1", "$JS.ACK...1.2.3.4.5",
        "$JS.ACK.S.C.99999999999999999999999.2.3.4.5", "$JS.ACK.a.b.S.C.1.2.3.4.5.6.7"})
    EXPECT_FALSE(parse_ack_subject(text)) << text;
  EXPECT_FALSE(parse_ack_subject(std::string(100'000, '.')));
}

} // namespace
} // namespace trainyard
