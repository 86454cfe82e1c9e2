// An ETag is a hash of the body: what polls every second gets it when it changed.
#include "nodes/gateway/answers.hpp"

#include <span>

#include "actors/disk/sha256.hpp"

namespace trainyard {

http_answer json_answer(int status, std::string body) {
  return {status, "application/json", std::move(body)};
}

http_answer text_answer(int status, std::string body) {
  return {status, "text/plain; charset=utf-8", std::move(body)};
}

http_answer file_answer(const dashboard_file& file) {
  return {200, std::string(file.content_type), std::string(file.content), {{"Cache-Control", "no-cache"}}};
}

http_answer unless_known(const http_request& asked, http_answer answer) {
  if (answer.status != 200)
    return answer;
  const auto hash = sha256_of(answer.body);
  const auto tag = "\"" + to_hex(std::span(hash).first(12)) + "\"";
  const auto known = header_of(asked, "If-None-Match").value_or("");
  answer.headers.emplace_back("ETag", tag);
  if (known.find(tag) == known.npos)
    return answer;
  return {304, "", "", std::move(answer.headers)};
}

} // namespace trainyard
