// Requests, replies, and every way in which no reply comes.
#include "nodes/nats/inbox.hpp"

#include <thread>

#include <nlohmann/json.hpp>

#include "tests/integration/nats/hand_server.hpp"
#include "tests/integration/nats/nats_world.hpp"

namespace trainyard::testing {
namespace {

struct inbox_test : nats_world {
  std::shared_ptr<connection> link = connect();
  std::shared_ptr<inbox> box = *inbox::open(link);

  subscription echo(const std::string& subject) {
    return *link->subscribe(subject, [this](nats_message m) { (void)link->publish(m.reply, m.payload); });
  }
  static request to(const std::string& subject, std::string_view text,
                    std::chrono::milliseconds timeout = 5s) {
    request what;
    what.subject = subject;
    what.payload = payload_of(text);
    what.timeout = timeout;
    return what;
  }
};

TEST_F(inbox_test, each_of_a_thousand_replies_finds_its_own_callback) {
  const auto serving = echo("echo");
  std::atomic<int> right{0}, wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 250; ++i) {
        const auto text = std::to_string(t * 1'000 + i);
        box->ask(to("echo", text), [&, text](result<nats_message> got) {
          ++(got && text_of(got->payload) == text ? right : wrong);
        });
      }
    });
  for (auto& each : threads)
    each.join();
  EXPECT_TRUE(eventually(20s, [&] { return right + wrong == 1'000; }));
  EXPECT_EQ(wrong, 0);
}

TEST_F(inbox_test, nobody_listening_is_told_at_once) {
  const auto began = std::chrono::steady_clock::now();
  const auto got = box->call(to("nobody.there", "x"));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::nats_unreachable);
  EXPECT_NE(got.error().cause.find("nobody.there"), std::string::npos);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
}

TEST_F(inbox_test, silence_ends_in_a_timeout_and_the_late_reply_is_dropped) {
  std::promise<std::string> reply_to;
  const auto silent = *link->subscribe("silent", [&](nats_message m) { reply_to.set_value(m.reply); });
  std::atomic<int> calls{0};
  std::atomic<bool> timed_out{false};
  box->ask(to("silent", "x", 100ms), [&](result<nats_message> got) {
    timed_out = !got && got.error().kind == failure_kind::nats_timeout;
    ++calls;
  });
  EXPECT_TRUE(eventually(5s, [&] { return calls == 1; }));
  EXPECT_TRUE(timed_out);
  ASSERT_TRUE(link->publish(reply_to.get_future().get(), bytes_of("late")));
  ASSERT_TRUE(link->flush(2s));
  EXPECT_FALSE(eventually(200ms, [&] { return calls > 1; }));
}

TEST_F(inbox_test, forged_replies_reach_nobody) {
  std::promise<std::string> reply_to;
  const auto silent = *link->subscribe("silent", [&](nats_message m) { reply_to.set_value(m.reply); });
  std::atomic<int> calls{0};
  box->ask(to("silent", "x", 30s), [&](result<nats_message>) { ++calls; });
  auto base = reply_to.get_future().get();
  base.resize(base.rfind('.') + 1);
  for (const char* id : {"0", "2", "x", "-1", "99999999999999999999999999"})
    ASSERT_TRUE(link->publish(base + id, bytes_of("forged")));
  ASSERT_TRUE(link->flush(2s));
  EXPECT_FALSE(eventually(200ms, [&] { return calls > 0; }));
  box.reset();
  EXPECT_EQ(calls, 1) << "the end of the inbox answers what still waits";
}

TEST_F(inbox_test, api_errors_carry_their_code_and_text) {
  int code = 0;
  const auto got = box->call_api("STREAM.INFO.NO_SUCH", nlohmann::json(), &code);
  ASSERT_FALSE(got);
  EXPECT_EQ(code, 10059);
  EXPECT_NE(got.error().cause.find("stream not found"), std::string::npos);
}

TEST_F(inbox_test, api_replies_of_the_wrong_shape_are_failures) {
  for (const char* text : {"", "[1]", "null", "nonsense", R"({"error":{"err_code":"x","description":[]}})"}) {
    const auto liar = *link->subscribe(
        "$JS.API.LIAR", [this, text](nats_message m) { (void)link->publish(m.reply, bytes_of(text)); });
    ASSERT_TRUE(link->flush(2s));
    EXPECT_FALSE(box->call_api("LIAR", nlohmann::json())) << text;
  }
}

TEST(inbox, a_lost_connection_ends_what_waits_long_before_its_timeout) {
  hand_server server;
  const auto link = *connection::open(server.login());
  const auto box = *inbox::open(link);
  std::atomic<bool> asked{false};
  const auto silent = *link->subscribe("silent", [&](nats_message) { asked = true; });
  std::atomic<bool> ended{false};
  request what;
  what.subject = "silent";
  what.timeout = 60s;
  box->ask(std::move(what), [&](result<nats_message> got) {
    EXPECT_EQ(got.error().kind, failure_kind::nats_unreachable);
    ended = true;
  });
  ASSERT_TRUE(eventually(5s, [&] { return asked.load(); }));
  server.kill();
  EXPECT_TRUE(eventually(5s, [&] { return ended.load(); }));
}

} // namespace
} // namespace trainyard::testing
