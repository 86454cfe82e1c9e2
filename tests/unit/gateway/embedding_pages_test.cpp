// Single vectors in the forms of other services: what is asked of workers, what is said of their answers.
#include <cstring>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "messages/json_codec.hpp"
#include "nodes/gateway/gateway_desk.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using json = nlohmann::json;

struct no_cluster : cluster_port {
  void ask(cluster_question, cluster_answer) override { ADD_FAILURE() << "a coordinator was asked"; }
};

struct scripted_workers : embedding_port {
  std::string model;
  std::vector<embed_request> inputs;
  std::optional<failure> refusal;

  void run(embedding_task task, answer_sink done) override {
    done(task([this](const std::string& asked,
                     const std::vector<embed_request>& what) -> result<std::vector<embed_answer>> {
      model = asked;
      inputs = what;
      if (refusal)
        return tl::unexpected(*refusal);
      std::vector<embed_answer> answers;
      for (const auto& each : what) {
        embed_answer answer;
        answer.model = "clip";
        answer.dim = 2;
        const bool is_image = !each.image.bytes.empty();
        const float row[] = {0.6F, is_image ? 0.8F : -0.8F};
        answer.vector.bytes.resize(sizeof row);
        std::memcpy(answer.vector.bytes.data(), row, sizeof row);
        answer.width = is_image ? 40 : 0;
        answer.height = is_image ? 30 : 0;
        answer.tokens = is_image ? 0 : 3;
        answers.push_back(std::move(answer));
      }
      return answers;
    }));
  }
};

struct embedding_pages : ::testing::Test {
  no_cluster cluster;
  scripted_workers workers;
  fleet_board board;
  gateway_desk desk{{"9.9.9", {}},
                    logins("", [] { return "a-cookie"; }),
                    {cluster, workers, board, [] { return true; }, [] { return http_figures{}; }}};

  http_answer post(const std::string& target, const std::string& body,
                   const std::string& type = "application/json") {
    std::optional<http_answer> got;
    desk.serve({"POST", target, {{"Host", "localhost:8000"}, {"Content-Type", type}}, body, "127.0.0.1"},
               [&](http_answer answer) { got = std::move(answer); });
    EXPECT_TRUE(got);
    return got.value_or(http_answer{});
  }
  http_answer embeddings(const std::string& body) { return post("/v1/embeddings", body); }
  http_answer predict(const std::string& entries, const std::string& name, const std::string& content) {
    return post("/predict",
                "--b\r\nContent-Disposition: form-data; name=\"entries\"\r\n\r\n" + entries +
                    "\r\n--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + content +
                    "\r\n--b--\r\n",
                "multipart/form-data; boundary=b");
  }
};

const std::string picture = "data:image/png;base64,aGVsbG8=";

TEST_F(embedding_pages, texts_and_images_are_told_apart_and_answered_in_their_order) {
  const auto answer = embeddings(R"({"model":"m/n","input":["a cat",")" + picture + R"("],"user":"u"})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(workers.model, "m/n");
  ASSERT_EQ(workers.inputs.size(), 2U);
  EXPECT_EQ(workers.inputs[0].text, "a cat");
  EXPECT_EQ(workers.inputs[1].image.bytes.size(), 5U);
  const auto said = json::parse(answer.body);
  EXPECT_EQ(said["object"], "list");
  EXPECT_EQ(said["model"], "clip");
  EXPECT_EQ(said["data"][1]["index"], 1);
  EXPECT_EQ(said["data"][0]["embedding"].get<std::vector<float>>(), (std::vector<float>{0.6F, -0.8F}));
  EXPECT_EQ(said["data"][1]["embedding"].get<std::vector<float>>(), (std::vector<float>{0.6F, 0.8F}));
  EXPECT_EQ(said["usage"]["total_tokens"], 3);
}

TEST_F(embedding_pages, base64_is_the_vectors_bytes) {
  const auto said = json::parse(embeddings(R"({"model":"m","input":"a","encoding_format":"base64"})").body);
  const auto raw = from_base64(said["data"][0]["embedding"].get<std::string>()).value();
  ASSERT_EQ(raw.size(), 8U);
  float first = 0;
  std::memcpy(&first, raw.data(), sizeof first);
  EXPECT_EQ(first, 0.6F);
}

TEST_F(embedding_pages, modality_decides_where_it_is_given) {
  EXPECT_EQ(embeddings(R"({"model":"m","modality":"text","input":")" + picture + R"("})").status, 200);
  EXPECT_EQ(workers.inputs[0].text, picture);
  const auto refused = embeddings(R"({"model":"m","modality":"image","input":"https://example.org/a.jpg"})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("fetches no URLs"));
}

TEST_F(embedding_pages, what_cannot_be_meant_reaches_no_worker) {
  for (const std::string body :
       {R"({"input":"a"})", R"({"model":"m"})", R"({"model":"m","input":[]})", R"({"model":"m","input":""})",
        R"({"model":"m","input":[1,2]})", R"({"model":"m","input":[[1]]})", R"({"model":5,"input":"a"})",
        R"({"model":"m","input":"a","dimensions":0})", R"({"model":"m","input":"a","encoding_format":"hex"})",
        R"({"model":"m","input":"data:image/png;base64,!!"})",
        R"({"model":"m","input":"data:image/png;base64,"})",
        R"({"model":"m","input":"a","modality":"audio"})", "x"}) {
    const auto refused = embeddings(body);
    EXPECT_EQ(refused.status, 400) << body;
    EXPECT_EQ(refused.content_type, "application/problem+json") << body;
  }
  json many{{"model", "m"}, {"input", std::vector<std::string>(33, "a")}};
  EXPECT_EQ(embeddings(many.dump()).status, 400);
  EXPECT_TRUE(workers.inputs.empty());
}

TEST_F(embedding_pages, other_dimensions_than_the_models_are_refused) {
  EXPECT_EQ(embeddings(R"({"model":"m","input":"a","dimensions":2})").status, 200);
  EXPECT_EQ(embeddings(R"({"model":"m","input":"a","dimensions":3})").status, 400);
}

TEST_F(embedding_pages, refusals_of_workers_have_the_status_that_clients_expect) {
  const std::vector<std::pair<failure_kind, int>> table{
      {failure_kind::model_missing, 404},
      {failure_kind::model_invalid, 422},
      {failure_kind::image_corrupt, 422},
      {failure_kind::asset_too_large, 413},
      {failure_kind::coordinator_busy, 429},
      {failure_kind::device_lost, 503},
      {failure_kind::nats_timeout, 504},
      {failure_kind::device_unavailable, 503},
      {failure_kind::usage, 400},
      {failure_kind::interrupted, 503},
  };
  for (const auto& [kind, status] : table) {
    workers.refusal = failure{kind, "because", "do"};
    const auto refused = embeddings(R"({"model":"m","input":"a"})");
    EXPECT_EQ(refused.status, status) << code_of(kind);
    EXPECT_EQ(json::parse(refused.body)["error"]["message"], "because: do");
  }
}

TEST_F(embedding_pages, immich_gets_its_vector_as_a_text_with_the_images_size) {
  const auto answer =
      predict(R"({"clip":{"visual":{"modelName":"ViT-B-32__openai","options":{}}}})", "image", "hello");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(workers.model, "ViT-B-32__openai");
  const auto said = json::parse(answer.body);
  EXPECT_EQ(json::parse(said["clip"].get<std::string>()).get<std::vector<float>>(),
            (std::vector<float>{0.6F, 0.8F}));
  EXPECT_EQ(said["imageHeight"], 30);
  EXPECT_EQ(said["imageWidth"], 40);
}

TEST_F(embedding_pages, immich_asks_for_texts_too) {
  const auto answer = predict(R"({"clip":{"textual":{"modelName":"m"}}})", "text", "a cat");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(workers.inputs[0].text, "a cat");
  EXPECT_FALSE(json::parse(answer.body).contains("imageWidth"));
}

TEST_F(embedding_pages, immichs_other_tasks_are_refused_with_a_remedy) {
  for (const std::string entries :
       {R"({"facial-recognition":{"detection":{"modelName":"m"}}})", R"({"clip":{}})", "{}", "x",
        R"({"clip":{"visual":{"modelName":"m"},"textual":{"modelName":"m"}}})",
        R"({"clip":{"visual":{"modelName":"m"}},"ocr":{}})"})
    EXPECT_EQ(predict(entries, "image", "hello").status, 400) << entries;
  EXPECT_EQ(predict(R"({"clip":{"visual":{"modelName":"m"}}})", "text", "hello").status, 400);
  EXPECT_EQ(post("/predict", "{}").status, 415);
}

TEST_F(embedding_pages, immich_hears_pong) {
  std::optional<http_answer> got;
  desk.serve({"GET", "/ping", {{"Host", "localhost:8000"}}, "", "127.0.0.1"},
             [&](http_answer answer) { got = std::move(answer); });
  EXPECT_EQ(got.value().body, "pong");
}

} // namespace
} // namespace trainyard
