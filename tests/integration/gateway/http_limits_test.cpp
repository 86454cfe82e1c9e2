// What one caller may cost: bytes, connections, time.
#include <csignal>
#include <list>

#include "tests/integration/gateway/gateway_world.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard::testing {
namespace {

using namespace std::chrono_literals;

const std::string post_line =
    "POST /api/v1/training/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

struct http_limits_of_the_gateway : gateway_world {
  void SetUp() override { start({}, false); }
  [[nodiscard]] std::uint64_t memory() const {
    const auto text = get("/metrics").body;
    const std::string name = "\nprocess_resident_memory_bytes ";
    const auto at = text.find(name);
    return at == text.npos ? 0 : std::stoull(text.substr(at + name.size()));
  }
};

TEST_F(http_limits_of_the_gateway, a_body_that_says_it_is_too_long_is_refused_before_it_comes) {
  raw_http wire(port);
  wire.say(post_line + "Content-Length: 65537\r\n\r\n");
  const auto answer = wire.hear();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.code(), "TY1812");
  EXPECT_TRUE(wire.ends_within(5s));
  EXPECT_EQ(post(port, "/api/v1/training/sessions", std::string(65'536, ' ')).status, 400) << "at the limit";
}

TEST_F(http_limits_of_the_gateway, chunks_without_end_are_cut_at_the_limit) {
  (void)get("/livez");
  const auto before = memory();
  raw_http wire(port);
  wire.say(post_line + "Transfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "1000\r\n" + std::string(4096, ' ') + "\r\n";
  std::size_t sent = 0;
  while (sent < (std::size_t{64} << 20) && wire.say(chunk))
    sent += chunk.size();
  EXPECT_LT(sent, std::size_t{64} << 20) << "it went on reading";
  EXPECT_LT(memory(), before + (std::uint64_t{16} << 20));
}

TEST_F(http_limits_of_the_gateway, a_head_that_is_too_long_is_refused) {
  EXPECT_EQ(get("/livez", "X: " + std::string(9000, 'x') + "\r\n").status, 431);
  EXPECT_EQ(get("/" + std::string(9000, 'x')).status, 431);
  std::string many;
  for (int i = 0; i < 2000; ++i)
    many += "X" + std::to_string(i) + ": y\r\n";
  EXPECT_EQ(get("/livez", many).status, 431);
}

TEST_F(http_limits_of_the_gateway, those_who_say_nothing_or_say_it_slowly_are_cut_off) {
  raw_http silent(port);
  raw_http slow_head(port);
  raw_http slow_body(port);
  slow_body.say(post_line + "Content-Length: 100\r\n\r\n{");
  slow_head.say("GET / HTTP/1.1\r\n");
  const auto begin = std::chrono::steady_clock::now();
  const bool cut =
      eventually(40s, [&] { return !slow_head.say("X: y\r\n") || slow_head.ends_within(500ms); });
  EXPECT_TRUE(cut);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 35s) << "each header gave it more time";
  EXPECT_TRUE(silent.ends_within(20s));
  EXPECT_TRUE(slow_body.ends_within(20s));
}

TEST_F(http_limits_of_the_gateway, more_connections_than_may_be_are_told_so_and_the_others_go_on) {
  std::list<raw_http> held;
  for (int i = 0; i < 256; ++i)
    held.emplace_back(port);
  EXPECT_TRUE(eventually(10s, [&] {
    raw_http more(port);
    more.say("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const auto answer = more.hear(5s);
    return answer.status == 503 || answer.status == 0; // a reset may overtake it
  }));
  held.back().say("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(held.back().hear().status, 200);
  held.clear();
  EXPECT_TRUE(eventually(10s, [&] { return get("/livez").status == 200; }));
}

TEST_F(http_limits_of_the_gateway, listeners_who_do_not_read_hold_nobody_up_and_are_bounded) {
  std::list<raw_http> listeners;
  for (int i = 0; i < 64; ++i) {
    listeners.emplace_back(port).say("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(listeners.back().hear().status, 200);
  }
  EXPECT_EQ(get("/api/v1/events").status, 503);
  EXPECT_EQ(get("/livez").status, 200);
  listeners.clear();
  EXPECT_TRUE(eventually(30s, [&] {
    raw_http wire(port);
    wire.say("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return wire.hear().status == 200;
  })) << "those who hung up still count";
}

TEST_F(http_limits_of_the_gateway, without_a_coordinator_it_lives_but_is_not_ready) {
  EXPECT_EQ(get("/livez").status, 200);
  EXPECT_EQ(get("/readyz?verbose").status, 503);
  EXPECT_EQ(get("/api/v1/devices").status, 503);
  EXPECT_EQ(get("/api/v1/devices").code(), "TY1301");
  EXPECT_THAT(get("/metrics").body, HasSubstr("trainyard_coordinator_up 0\n"));
}

TEST_F(http_limits_of_the_gateway, a_signal_ends_it_and_frees_its_port) {
  raw_http listener(port);
  listener.say("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(listener.hear().status, 200);
  gateway->signal(SIGTERM);
  const auto ended = gateway->wait(20s);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->status, 0) << ended->err;
  EXPECT_TRUE(listener.ends_within(5s));
}

} // namespace
} // namespace trainyard::testing
