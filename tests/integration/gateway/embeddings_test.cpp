// Single vectors over HTTP from real workers: as curl, as the OpenAI client from pip, and as Immich asks.
#include <csignal>

#include "messages/json_codec.hpp"
#include "tests/integration/cluster/cluster_bench.hpp"
#include "tests/integration/gateway/gateway_world.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard::testing {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

const std::string default_model = "efficientnet-lite0";

struct embeddings : cluster_bench {
  std::unique_ptr<child_process> gateway;
  std::uint16_t port = 0;

  void start_gateway() {
    gateway = start_client({"gateway", "--listen", "127.0.0.1:0"});
    port = port_of(*gateway);
  }
  [[nodiscard]] static std::string as_uri(const std::string& bytes) {
    return "data:image/jpeg;base64," + to_base64(std::as_bytes(std::span(bytes)));
  }
  [[nodiscard]] raw_answer embed(const nlohmann::json& body) const {
    return post(port, "/v1/embeddings", body.dump());
  }
  [[nodiscard]] bool answers_for(const std::string& model) const {
    return eventually(60s, [&] {
      return embed({{"model", model}, {"input", as_uri(content_of(a_jpeg()))}}).status == 200;
    });
  }
  [[nodiscard]] finished_process python(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), TRAINYARD_PYTHON);
    child_process running(dir.path(), std::move(arguments));
    return running.wait(120s).value_or(finished_process{});
  }
};

TEST_F(embeddings, an_image_has_the_vector_that_a_session_gives_it_also_while_one_is_running) {
  coordinator("c1");
  worker("w1");
  start_gateway();
  ASSERT_TRUE(answers_for(default_model));
  ASSERT_EQ(submit("s1", {"--dtype", "fp32"}), 0);
  const auto photo = a_jpeg();
  const auto during = embed({{"model", default_model}, {"input", as_uri(content_of(photo))}});
  ASSERT_EQ(during.status, 200) << during.body;
  ASSERT_TRUE(reaches("s1", "completed"));
  const auto vector = during.json()["data"][0]["embedding"].dump();
  const auto judged = python({"tests/integration/gateway/same_vector.py", out_of("s1").string(),
                              fs::relative(photo, photos()).string(), vector});
  EXPECT_EQ(judged.status, 0) << judged.out << judged.err;
}

TEST_F(embeddings, refusals_name_what_is_wrong_and_cost_nothing_else) {
  worker("w1");
  start_gateway();
  ASSERT_TRUE(answers_for(default_model));
  const auto unknown = embed({{"model", "nobody/has-this"}, {"input", "a cat"}});
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.code(), "TY1401");
  const auto no_image = embed({{"model", default_model}, {"input", as_uri("no image")}});
  EXPECT_EQ(no_image.status, 422) << no_image.body;
  EXPECT_EQ(no_image.code(), "TY2101");
  const auto photo = content_of(a_jpeg());
  const auto cut = embed(
      {{"model", default_model}, {"input", {as_uri(photo), as_uri(photo.substr(0, photo.size() / 2))}}});
  EXPECT_EQ(cut.status, 422);
  EXPECT_THAT(cut.json()["cause"].get<std::string>(), HasSubstr("input 1"));
  const auto text = embed({{"model", default_model}, {"input", "a cat"}});
  EXPECT_EQ(text.status, 422);
  EXPECT_THAT(text.body, HasSubstr("no text tower"));
  EXPECT_EQ(
      embed({{"model", default_model}, {"input", as_uri(std::string(std::size_t{13} << 20U, 'x'))}}).status,
      413);
  EXPECT_EQ(embed({{"model", default_model}, {"input", as_uri(photo)}}).status, 200);
}

TEST_F(embeddings, an_openai_client_and_immich_find_texts_and_images_in_one_space) {
  const auto there = python({"-c", "import openai"});
  if (there.status != 0)
    GTEST_SKIP() << "build/venv lacks openai (ops/requirements-clients.txt): run ops/setup";
  worker("w1", {"--model", TRAINYARD_TEST_TEXT_TOWERS "/clip", "--precision", "fp32"});
  start_gateway();
  ASSERT_TRUE(answers_for("clip"));
  const auto asked = python({"tests/integration/gateway/openai_client.py", std::to_string(port), "clip",
                             a_jpeg().string(), TRAINYARD_TEST_TEXT_TOWERS "/clip/texts.json"});
  EXPECT_EQ(asked.status, 0) << asked.out << asked.err;
}

TEST_F(embeddings, a_worker_that_stops_answers_what_it_has_begun_and_another_one_goes_on) {
  auto& first = worker("w1");
  worker("w2");
  start_gateway();
  ASSERT_TRUE(answers_for(default_model));
  first.signal(SIGTERM);
  ASSERT_EQ(first.wait(60s).value_or(finished_process{}).status, 0);
  EXPECT_TRUE(answers_for(default_model));
}

} // namespace
} // namespace trainyard::testing
