// Codes, stages and exit statuses of failures, each in one table.
#include "messages/failure.hpp"

#include <charconv>
#include <system_error>

#include "messages/http_failure.hpp"

namespace trainyard {

std::string_view to_string(stage where) noexcept {
  switch (where) {
  case stage::read:
    return "read";
  case stage::decode:
    return "decode";
  case stage::forward:
    return "forward";
  }
  return "forward";
}

stage stage_of(failure_kind kind) noexcept {
  const auto number = static_cast<unsigned>(kind);
  return number < 2100 ? stage::read : number < 2200 ? stage::decode : stage::forward;
}

std::string code_of(failure_kind kind) {
  return "TY" + std::to_string(static_cast<unsigned>(kind));
}

std::optional<failure_kind> kind_of_code(std::string_view code) noexcept {
  if (code.size() != 6 || !code.starts_with("TY"))
    return std::nullopt;
  unsigned number = 0;
  const auto [end, error] = std::from_chars(code.data() + 2, code.data() + code.size(), number);
  if (error != std::errc{} || end != code.data() + code.size())
    return std::nullopt;
  return static_cast<failure_kind>(number);
}

namespace {

/// 0: it is none of HTTP's.
int exit_status_of(http_failure kind) noexcept {
  switch (kind) {
  case http_failure::gateway_unavailable:
    return 69;
  case http_failure::request_invalid:
    return 2;
  case http_failure::request_refused:
  case http_failure::login_wanted:
    return 77;
  case http_failure::too_many_requests:
    return 75;
  }
  return 0;
}

} // namespace

int exit_status_of(failure_kind kind) noexcept {
  if (const int status = exit_status_of(static_cast<http_failure>(kind)); status != 0)
    return status;
  switch (kind) {
  case failure_kind::usage:
    return 2;
  case failure_kind::session_unknown:
  case failure_kind::input_missing:
  case failure_kind::input_empty:
    return 66;
  case failure_kind::nats_unreachable:
  case failure_kind::nats_protocol:
  case failure_kind::nats_server_missing:
  case failure_kind::decoder_unavailable:
    return 69;
  case failure_kind::system_limit:
    return 71;
  case failure_kind::output_unwritable:
    return 73;
  case failure_kind::output_busy:
  case failure_kind::disk_full:
  case failure_kind::nats_timeout:
  case failure_kind::device_lost:
  case failure_kind::device_out_of_memory:
  case failure_kind::coordinator_busy:
  case failure_kind::limit_reached:
    return 75;
  case failure_kind::nats_denied:
    return 77;
  case failure_kind::config_invalid:
  case failure_kind::output_mismatch:
  case failure_kind::output_corrupt:
  case failure_kind::model_missing:
  case failure_kind::model_invalid:
  case failure_kind::device_unavailable:
  case failure_kind::device_not_admitted:
    return 78;
  case failure_kind::interrupted:
    return 130;
  default:
    return 1;
  }
}

std::string errno_text(int error) {
  return std::generic_category().message(error);
}

} // namespace trainyard
