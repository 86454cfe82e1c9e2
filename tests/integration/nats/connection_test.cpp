// Connecting, being refused, and what a connection tells about itself.
#include "nodes/nats/connection.hpp"

#include <thread>

#include "tests/integration/nats/hand_server.hpp"
#include "tests/integration/nats/nats_world.hpp"

namespace trainyard::testing {
namespace {

struct connection_test : nats_world {};

TEST_F(connection_test, a_wrong_token_is_denied_and_stands_in_no_text) {
  auto with = login();
  with.token = "canary-secret";
  const auto link = connection::open(with);
  ASSERT_FALSE(link);
  EXPECT_EQ(link.error().kind, failure_kind::nats_denied);
  EXPECT_NE(link.error().cause.find(server->url()), std::string::npos);
  EXPECT_EQ((link.error().cause + link.error().remedy).find("canary-secret"), std::string::npos);
}

TEST_F(connection_test, a_missing_login_is_denied_with_a_remedy) {
  auto with = login();
  with.token.clear();
  const auto link = connection::open(with);
  ASSERT_FALSE(link);
  EXPECT_EQ(link.error().kind, failure_kind::nats_denied);
  EXPECT_NE(link.error().remedy.find("a token"), std::string::npos);
}

TEST(connection, nobody_there_is_unreachable_and_the_url_is_named_without_its_password) {
  connection_options with;
  with.urls = {"nats://somebody:canary-p@ss@127.0.0.1:1"};
  const auto link = connection::open(with);
  ASSERT_FALSE(link);
  EXPECT_EQ(link.error().kind, failure_kind::nats_unreachable);
  EXPECT_NE(link.error().cause.find("127.0.0.1:1"), std::string::npos);
  EXPECT_EQ(link.error().cause.find("canary"), std::string::npos);
}

TEST(connection, bad_urls_and_missing_files_are_configuration_errors) {
  connection_options with;
  with.urls = {};
  EXPECT_EQ(connection::open(with).error().kind, failure_kind::config_invalid);
  with.urls = {"nats://127.0.0.1:notaport"};
  EXPECT_FALSE(connection::open(with));
  with.urls = {"nats://127.0.0.1:1"};
  with.credentials_file = "/nowhere/user.creds";
  const auto link = connection::open(with);
  EXPECT_EQ(link.error().kind, failure_kind::config_invalid);
  EXPECT_NE(link.error().cause.find("/nowhere/user.creds"), std::string::npos);
}

TEST_F(connection_test, what_could_be_read_as_protocol_is_not_sent) {
  const auto link = connect();
  for (const std::string bad : {"", "a b", "a\r\nPUB x 0\r\n", "a\tb", "\x7f"})
    EXPECT_EQ(link->publish(bad, {}).error().kind, failure_kind::message_invalid);
  EXPECT_FALSE(link->publish(std::string("a\0b", 3), {}));
  EXPECT_FALSE(link->publish("a", {}, "b c"));
  EXPECT_FALSE(link->publish("a", {}, {}, {{"X", "v\r\nY: z"}}));
  EXPECT_FALSE(link->publish(std::string(100'000, 'a'), {}));
  EXPECT_TRUE(link->publish("a", {}));
  EXPECT_TRUE(link->flush(2s));
  EXPECT_EQ(link->incarnation(), 1U);
}

TEST_F(connection_test, a_queue_gives_each_message_to_one_and_a_subscription_to_all) {
  const auto link = connect();
  std::atomic<int> queued{0}, plain{0};
  std::vector<subscription> all;
  for (int i = 0; i < 3; ++i) {
    all.push_back(*link->subscribe(
        "t.q", [&](nats_message) { ++queued; }, "workers"));
    all.push_back(*link->subscribe("t.q", [&](nats_message) { ++plain; }));
  }
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE(link->publish("t.q", bytes_of("x")));
  EXPECT_TRUE(eventually(5s, [&] { return queued == 20 && plain == 60; }));
}

TEST_F(connection_test, a_closed_subscription_hears_nothing_more) {
  const auto link = connect();
  for (int round = 0; round < 50; ++round) {
    auto heard = std::make_unique<std::atomic<int>>(0);
    auto listening = link->subscribe("t.x", [raw = heard.get()](nats_message) { ++*raw; });
    ASSERT_TRUE(listening);
    for (int i = 0; i < 20; ++i)
      (void)link->publish("t.x", bytes_of("x"));
    listening->close();
    heard.reset(); // the sanitizers tell if a late message comes
  }
}

TEST(connection, tells_of_each_loss_and_return) {
  hand_server server;
  std::atomic<int> up{0}, down{0}, closed{0};
  {
    const auto link = connection::open(server.login(), [&](connection_event event) {
      up += event == connection_event::connected;
      down += event == connection_event::disconnected;
      closed += event == connection_event::closed;
    });
    ASSERT_TRUE(link);
    EXPECT_EQ(up, 1);
    server.kill();
    EXPECT_TRUE(eventually(5s, [&] { return down == 1 && !(*link)->connected(); }));
    EXPECT_EQ((*link)->publish("a", {}).error().kind, failure_kind::nats_unreachable);
    server.start();
    EXPECT_TRUE(eventually(10s, [&] { return up == 2 && (*link)->connected(); }));
    EXPECT_EQ((*link)->incarnation(), 2U);
    EXPECT_TRUE((*link)->publish("a", {}));
  }
  EXPECT_EQ(closed, 1);
}

TEST(connection, notices_a_hung_server_by_its_pings) {
  hand_server server;
  const auto link = connection::open(server.login());
  ASSERT_TRUE(link);
  server.halt();
  EXPECT_TRUE(eventually(5s, [&] { return !(*link)->connected(); }));
  server.go_on();
  EXPECT_TRUE(eventually(10s, [&] { return (*link)->connected(); }));
}

#if defined(__linux__) // threads are counted in /proc
TEST_F(connection_test, opening_and_closing_many_times_leaves_no_thread_behind) {
  const auto threads = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
  };
  const auto open_and_close = [&] {
    const auto coordinator = this->coordinator();
    const auto worker = this->worker();
  };
  open_and_close(); // the library's own threads stay, once
  const auto before = threads();
  for (int i = 0; i < 20; ++i)
    open_and_close();
  EXPECT_TRUE(eventually(5s, [&] { return threads() <= before; }));
}
#endif

} // namespace
} // namespace trainyard::testing
