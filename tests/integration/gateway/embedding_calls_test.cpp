// Workers that are busy, stop, or say nonsense, as the gateway meets them: played on a real nats-server.
#include "nodes/gateway/embedding_calls.hpp"

#include <atomic>
#include <future>

#include <gtest/gtest.h>

#include "messages/encoded_answer.hpp"
#include "nodes/gateway/embedding_requests.hpp"
#include "tests/integration/nats/hand_server.hpp"

namespace trainyard::testing {
namespace {

struct embedding_calls_test : ::testing::Test {
  using played = std::function<std::vector<std::byte>(int times, const embed_request&)>;
  hand_server server;
  std::shared_ptr<connection> link = *connection::open(server.login());
  std::shared_ptr<connection> workers = *connection::open(server.login());
  std::unique_ptr<embedding_calls> calls = std::make_unique<embedding_calls>(
      api_client::over(link, subjects()).value(), [](const std::function<void()>& task) { task(); });
  std::atomic<int> asked = 0;
  subscription hearing;

  void play(played worker) {
    auto heard = workers->subscribe(
        subjects().embed("m"), [this, worker = std::move(worker)](const nats_message& what) {
          (void)workers->publish(what.reply, worker(++asked, decode<embed_request>(what.payload).value()));
        });
    ASSERT_TRUE(heard);
    hearing = std::move(*heard);
    ASSERT_TRUE(workers->flush(std::chrono::seconds(5)));
  }
  void TearDown() override {
    calls.reset();
    hearing.close();
  }
  static std::vector<std::byte> vector_of(const embed_request& asked) {
    embed_answer answer;
    answer.model = asked.text;
    answer.dim = 1;
    answer.vector.bytes.resize(sizeof(float));
    return to_msgpack(answer);
  }
  static std::vector<std::byte> refusal(failure_kind kind) {
    return encoded_refusal({kind, "because", "do"}, false);
  }
  result<std::vector<embed_answer>> embed(const std::vector<std::string>& texts) {
    std::vector<embed_request> inputs(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i)
      inputs[i].text = texts[i];
    std::promise<result<std::vector<embed_answer>>> got;
    calls->run(
        [&](const embed_inputs& ask) {
          got.set_value(ask("m", inputs));
          return http_answer{};
        },
        [](const http_answer&) {});
    return got.get_future().get();
  }
};

TEST_F(embedding_calls_test, answers_stand_in_the_order_of_the_inputs) {
  play([](int, const embed_request& what) { return vector_of(what); });
  std::vector<std::string> texts;
  for (int i = 0; i < 32; ++i)
    texts.push_back("t" + std::to_string(i));
  const auto all = embed(texts).value();
  ASSERT_EQ(all.size(), 32U);
  for (std::size_t i = 0; i < 32; ++i)
    EXPECT_EQ(all[i].model, texts[i]);
}

TEST_F(embedding_calls_test, workers_that_are_busy_or_stop_are_asked_again) {
  play([](int times, const embed_request& what) {
    return times == 1   ? refusal(failure_kind::coordinator_busy)
           : times == 2 ? refusal(failure_kind::interrupted)
                        : vector_of(what);
  });
  EXPECT_EQ(embed({"a"}).value().at(0).model, "a");
  EXPECT_EQ(asked, 3);
}

TEST_F(embedding_calls_test, workers_that_stay_busy_are_named_in_the_end) {
  play([](int, const embed_request&) { return refusal(failure_kind::coordinator_busy); });
  EXPECT_EQ(embed({"a"}).error().kind, failure_kind::coordinator_busy);
}

TEST_F(embedding_calls_test, a_failure_for_good_is_told_with_its_input_and_not_asked_again) {
  play([](int, const embed_request& what) {
    return what.text == "bad" ? refusal(failure_kind::image_corrupt) : vector_of(what);
  });
  const auto failed = embed({"a", "bad"});
  EXPECT_EQ(failed.error().kind, failure_kind::image_corrupt);
  EXPECT_EQ(failed.error().cause, "input 1: because");
  EXPECT_EQ(asked, 2);
}

TEST_F(embedding_calls_test, answers_without_a_whole_vector_are_no_answers) {
  play([](int, const embed_request&) {
    embed_answer answer;
    answer.dim = 1280;
    return to_msgpack(answer);
  });
  EXPECT_EQ(embed({"a"}).error().kind, failure_kind::nats_protocol);
}

TEST_F(embedding_calls_test, a_model_that_nobody_has_is_missing_at_once) {
  EXPECT_EQ(embed({"a"}).error().kind, failure_kind::model_missing);
}

TEST_F(embedding_calls_test, what_no_message_holds_is_not_sent) {
  play([](int, const embed_request& what) { return vector_of(what); });
  EXPECT_EQ(embed({std::string(link->max_payload_bytes(), 'x')}).error().kind, failure_kind::asset_too_large);
  EXPECT_EQ(asked, 0);
}

} // namespace
} // namespace trainyard::testing
