// The desk's part in single vectors: it hands the whole request on, and answers in the form that was asked
// in.
#include <nlohmann/json.hpp>

#include "messages/http_failure.hpp"
#include "nodes/gateway/answers.hpp"
#include "nodes/gateway/embedding_requests.hpp"
#include "nodes/gateway/gateway_visit.hpp"
#include "nodes/http/problem.hpp"

namespace trainyard {
namespace {

/// What the same failure means to somebody who waits for this one vector.
int status_of(failure_kind kind) {
  switch (kind) {
  case failure_kind::model_missing:
    return 404;
  case failure_kind::model_invalid: // it has no text half
    return 422;
  case failure_kind::asset_too_large:
    return 413;
  case failure_kind::coordinator_busy: // a worker, here
    return 429;
  case failure_kind::device_unavailable:
  case failure_kind::device_lost:
  case failure_kind::device_out_of_memory:
  case failure_kind::decoder_unavailable:
  case failure_kind::interrupted:
    return 503;
  default:
    // From 2000 on: the image is to blame.
    return static_cast<int>(kind) >= 2000 ? 422 : http_status_of(kind);
  }
}

/// With the member that OpenAI's clients look for: without it they show the status alone.
http_answer refusal(const failure& why) {
  auto answer = problem_answer(status_of(why.kind), why);
  auto document = nlohmann::ordered_json::parse(answer.body);
  document["error"] = {{"message", document["detail"]},
                       {"type", answer.status < 500 ? "invalid_request_error" : "server_error"},
                       {"code", document["code"]}};
  answer.body = document.dump();
  return answer;
}

http_answer answer_openai(const std::string& body, const embed_inputs& ask) {
  const auto wanted = read_openai(body);
  if (!wanted)
    return refusal(wanted.error());
  const auto answers = ask(wanted->model, wanted->inputs);
  if (!answers)
    return refusal(answers.error());
  auto written = write_openai(*wanted, *answers);
  return written ? json_answer(200, std::move(*written)) : refusal(written.error());
}

http_answer answer_immich(std::string_view content_type, const std::string& body, const embed_inputs& ask) {
  const auto wanted = read_immich(content_type, body);
  if (!wanted)
    return refusal(wanted.error());
  const auto answers = ask(wanted->model, wanted->inputs);
  return answers ? json_answer(200, write_immich(answers->front())) : refusal(answers.error());
}

} // namespace

void gateway_desk::embeddings(visit what) {
  around_.embeddings.run(
      [body = std::move(what.request.body)](const embed_inputs& ask) { return answer_openai(body, ask); },
      std::move(what.done));
}

void gateway_desk::predict(visit what) {
  std::string type(header_of(what.request, "Content-Type").value_or(""));
  around_.embeddings.run([type = std::move(type), body = std::move(what.request.body)](
                             const embed_inputs& ask) { return answer_immich(type, body, ask); },
                         std::move(what.done));
}

} // namespace trainyard
