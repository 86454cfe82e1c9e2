// Kinds to statuses, in one table.
#include "nodes/http/problem.hpp"

#include "messages/http_failure.hpp"
#include "messages/json_codec.hpp"

namespace trainyard {

int http_status_of(failure_kind kind) noexcept {
  switch (static_cast<http_failure>(kind)) {
  case http_failure::request_invalid:
    return 400;
  case http_failure::login_wanted:
    return 401;
  case http_failure::request_refused:
    return 403;
  case http_failure::too_many_requests:
    return 429;
  case http_failure::gateway_unavailable:
    return 503;
  }
  switch (kind) {
  case failure_kind::usage:
  case failure_kind::message_invalid:
    return 400;
  case failure_kind::nats_denied: // this gateway's login at NATS may not do it
    return 403;
  case failure_kind::session_unknown:
    return 404;
  case failure_kind::session_conflict:
  case failure_kind::output_busy:
  case failure_kind::output_mismatch:
    return 409;
  case failure_kind::input_missing:
  case failure_kind::input_empty:
  case failure_kind::model_missing:
  case failure_kind::asset_outside_root:
    return 422;
  case failure_kind::limit_reached:
    return 429;
  case failure_kind::nats_protocol:
    return 502;
  case failure_kind::nats_unreachable:
  case failure_kind::coordinator_busy:
    return 503;
  case failure_kind::nats_timeout:
    return 504;
  case failure_kind::disk_full:
    return 507;
  default:
    return 500;
  }
}

std::string_view reason_phrase(int status) noexcept {
  switch (status) {
  case 400:
    return "Bad Request";
  case 401:
    return "Unauthorized";
  case 403:
    return "Forbidden";
  case 404:
    return "Not Found";
  case 405:
    return "Method Not Allowed";
  case 409:
    return "Conflict";
  case 413:
    return "Content Too Large";
  case 415:
    return "Unsupported Media Type";
  case 417:
    return "Expectation Failed";
  case 421:
    return "Misdirected Request";
  case 422:
    return "Unprocessable Content";
  case 429:
    return "Too Many Requests";
  case 431:
    return "Request Header Fields Too Large";
  case 500:
    return "Internal Server Error";
  case 502:
    return "Bad Gateway";
  case 503:
    return "Service Unavailable";
  case 504:
    return "Gateway Timeout";
  case 507:
    return "Insufficient Storage";
  default:
    return status < 400 ? "OK" : "Error";
  }
}

http_answer problem_answer(int status, const failure& why) {
  problem_document problem;
  problem.code = code_of(why.kind);
  problem.type = "urn:trainyard:error:" + problem.code;
  problem.title = reason_phrase(status);
  problem.status = status;
  problem.cause = why.cause;
  problem.remedy = why.remedy;
  problem.detail = why.remedy.empty() ? why.cause : why.cause + ": " + why.remedy;
  http_answer answer{status, std::string(problem_type), to_json_text(problem)};
  if (status == 503 || status == 429)
    answer.headers.emplace_back("Retry-After", "1");
  if (status == 401)
    answer.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"trainyard\"");
  return answer;
}

} // namespace trainyard
