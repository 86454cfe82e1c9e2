// A whole fleet over HTTP alone: submit, follow, steer, look at what failed, and hear of it all as it
// happens.
#include <csignal>

#include "tests/integration/cluster/cluster_bench.hpp"
#include "tests/integration/gateway/gateway_world.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard::testing {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

const std::string sessions = "/api/v1/training/sessions";

struct gateway_fleet : cluster_bench {
  std::unique_ptr<child_process> gateway;
  std::uint16_t port = 0;

  void start_gateway() {
    gateway = start_client({"gateway", "--listen", "127.0.0.1:0"});
    port = port_of(*gateway);
    ASSERT_TRUE(eventually(60s, [&] { return get("/readyz").status == 200; }))
        << get("/readyz?verbose").body << gateway->err_so_far();
  }
  [[nodiscard]] raw_answer get(const std::string& target) const { return ask(port, "GET", target); }
  [[nodiscard]] nlohmann::json session(const std::string& id) const {
    return get(sessions + "/" + id).json();
  }
  [[nodiscard]] bool comes_to(const std::string& id, const std::string& state) const {
    return eventually(120s, [&] { return session(id).value("state", "") == state; });
  }
  /// `name`'s value on the page of metrics; nothing where it is not there.
  [[nodiscard]] std::optional<double> metric(const std::string& name) const {
    const auto page = "\n" + get("/metrics").body;
    const auto at = page.find("\n" + name + " ");
    return at == page.npos ? std::nullopt : std::optional(std::stod(page.substr(at + name.size() + 2)));
  }
};

TEST_F(gateway_fleet, a_session_is_submitted_followed_and_completed_over_http) {
  coordinator("c1");
  worker("w1");
  start_gateway();
  raw_http events(port);
  events.say("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto made =
      post(port, sessions, R"({"training_directory":")" + photos().string() + R"(","batch_size":4})");
  ASSERT_EQ(made.status, 201) << made.body;
  const auto id = made.json()["session_id"].get<std::string>();
  EXPECT_EQ(made.headers.at("location"), sessions + "/" + id);
  const auto heard = events.hear_until(id, 60s);
  EXPECT_THAT(heard, HasSubstr("Content-Type: text/event-stream"));
  EXPECT_THAT(heard, HasSubstr("event: session\ndata: {"));
  ASSERT_TRUE(comes_to(id, "completed")) << session(id);
  const auto ended = session(id);
  EXPECT_EQ(ended["embedded"], 96);
  EXPECT_EQ(ended["report"]["embedded"], 96);
  EXPECT_EQ(check_folder(photos(), out_of(id))["rows"], 96);
  EXPECT_EQ(get("/api/v1/devices").json()["devices"].size(), 1U);
  EXPECT_EQ(get("/api/v1/nodes").json()["nodes"][0]["state"], "live");
  EXPECT_EQ(metric("trainyard_worker_up{node=\"w1\"}"), 1);
  EXPECT_TRUE(eventually(10s, [&] { // with the worker's next heartbeat
    return metric("trainyard_device_images_total{node=\"w1\",device=\"cpu\"}") == 96;
  }));
  EXPECT_EQ(metric("trainyard_sessions{state=\"completed\"}"), 1);
  EXPECT_GT(metric("trainyard_device_memory_allocated_bytes{node=\"w1\",device=\"cpu\"}"), 1e6);
  // The gateway looks at what it has heard once a second.
  const auto kept = [&] { return get("/api/v1/history").json(); };
  EXPECT_TRUE(eventually(10s, [&] { return kept()["devices"][0]["memory_limit_bytes"] > 0; })) << kept();
  const auto history = kept();
  EXPECT_EQ(history["at"].size(), history["devices"][0]["memory_bytes"].size());
  EXPECT_TRUE(eventually(10s, [&] { return get(sessions + "/" + id + "/history").json()["at"].size() > 0; }));
}

TEST_F(gateway_fleet, pause_resume_and_cancel_do_what_the_commands_do) {
  coordinator("c1");
  start_gateway();
  const auto spec = [](const std::string& id) {
    return R"({"training_directory":".","root":"photos","session_id":")" + id + "\"}";
  };
  ASSERT_EQ(post(port, sessions, spec("s1")).status, 201);
  ASSERT_EQ(post(port, sessions, spec("s1")).status, 201) << "the same session";
  EXPECT_EQ(
      post(port, sessions, R"({"training_directory":".","root":"photos","session_id":"s1","priority":2})")
          .status,
      409);
  ASSERT_TRUE(eventually(60s, [&] { return session("s1")["reason"] == "no worker"; })) << session("s1");
  EXPECT_EQ(post(port, sessions + "/s1/pause", "{}").status, 200);
  EXPECT_TRUE(comes_to("s1", "paused")) << session("s1");
  EXPECT_EQ(post(port, sessions + "/s1/resume", "{}").status, 200);
  EXPECT_TRUE(eventually(20s, [&] { return session("s1")["state"] != "paused"; }));
  EXPECT_EQ(post(port, sessions + "/s1/cancel", "{}").status, 200);
  ASSERT_TRUE(comes_to("s1", "cancelled"));
  EXPECT_EQ(post(port, sessions + "/s1/pause", "{}").status, 409);
  EXPECT_EQ(post(port, sessions + "/nobody/pause", "{}").status, 404);
  EXPECT_EQ(get(sessions + "?state=cancelled").json()["total"], 1);
  EXPECT_EQ(get(sessions + "?state=running").json()["total"], 0);
}

TEST_F(gateway_fleet, failed_images_are_listed_whatever_their_names_say) {
  const auto hostile = dir.path() / "hostile";
  fs::create_directories(hostile);
  fs::copy_file(a_jpeg(), hostile / "good.jpg");
  dir.write("hostile/<script>alert(1)<img>.jpg", "no picture");
  dir.write("hostile/line\nbreak.jpg", "no picture");
  coordinator_roots = worker_roots = {"--root", "photos=" + hostile.string()};
  coordinator("c1");
  worker("w1");
  start_gateway();
  ASSERT_EQ(post(port, sessions, R"({"training_directory":".","root":"photos","session_id":"s1"})").status,
            201);
  ASSERT_TRUE(comes_to("s1", "completed")) << session("s1");
  const auto page = get(sessions + "/s1/failures");
  EXPECT_EQ(page.headers.at("content-type"), "application/json");
  ASSERT_EQ(page.json()["failures"].size(), 2U) << page.body;
  EXPECT_THAT(page.body, HasSubstr("<script>alert(1)<img>.jpg"));
  const auto first = get(sessions + "/s1/failures?limit=1").json();
  EXPECT_EQ(first["failures"].size(), 1U);
  EXPECT_EQ(first["next_offset"], 1);
  const auto dead = get("/api/v1/failures").json();
  EXPECT_EQ(dead["total"], 2);
  ASSERT_EQ(dead["failures"].size(), 2U) << dead;
  EXPECT_EQ(dead["failures"][0]["session_id"], "s1");
  EXPECT_EQ(dead["failures"][0]["session_state"], "completed");
  const auto health = get("/api/v1/health").json();
  EXPECT_EQ(health["ok"], true) << health;
  EXPECT_EQ(health["streams"].size(), 3U) << health;
  EXPECT_THAT(health.dump(), HasSubstr("2 images failed"));
  EXPECT_EQ(post(port, sessions + "/s1/retry", "{}").status, 200);
}

TEST_F(gateway_fleet, each_role_shows_its_own_metrics_where_it_is_told_to) {
  auto& boss = coordinator("c1", {"--metrics-listen", "127.0.0.1:0"});
  auto& hand = worker("w1", {"--metrics-listen", "127.0.0.1:0"});
  const auto page = [](child_process& of, const char* path) { return ask(port_of(of), "GET", path); };
  ASSERT_TRUE(eventually(60s, [&] { return page(hand, "/readyz").status == 200; }))
      << page(hand, "/readyz").body;
  EXPECT_EQ(page(boss, "/readyz").status, 200);
  EXPECT_THAT(page(boss, "/metrics").body, HasSubstr("role=\"coordinator\""));
  ASSERT_EQ(submit("s1"), 0);
  ASSERT_TRUE(reaches("s1", "completed"));
  EXPECT_TRUE(eventually(10s, [&] {
    return page(hand, "/metrics")
               .body.find("trainyard_device_images_total{node=\"w1\",device=\"cpu\"} 96\n") !=
           std::string::npos;
  })) << page(hand, "/metrics").body;
  EXPECT_EQ(ask(port_of(hand), "POST", "/metrics").status, 405);
  EXPECT_EQ(page(hand, "/api/v1/devices").status, 404);
  hand.signal(SIGTERM);
  EXPECT_TRUE(hand.wait(30s));
}

TEST_F(gateway_fleet, what_many_ask_at_once_is_answered_while_nats_is_away_and_back) {
  coordinator("c1");
  start_gateway();
  server.kill();
  EXPECT_TRUE(eventually(20s, [&] { return get("/readyz").status == 503; }));
  EXPECT_EQ(get("/livez").status, 200);
  EXPECT_EQ(get("/api/v1/nodes").status, 200);
  EXPECT_TRUE(eventually(10s, [&] { return get("/api/v1/nodes").json()["connected"] == false; }));
  EXPECT_TRUE(eventually(20s, [&] { return get("/api/v1/devices").status >= 503; }));
  server.start();
  EXPECT_TRUE(eventually(60s, [&] { return get("/readyz").status == 200; }))
      << get("/readyz?verbose").body << gateway->err_so_far();
}

} // namespace
} // namespace trainyard::testing
