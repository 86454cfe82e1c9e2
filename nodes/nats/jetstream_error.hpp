// The "error" object of a JetStream reply; nothing in it is trusted to have the right type.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace trainyard {

struct jetstream_error {
  int code = 0; ///< err_code: tells more than the HTTP-like "code"
  std::string text = "unknown error";
};

/// Codes of JetStream that this room tells apart.
struct jetstream_code {
  static constexpr int bad_consumer_filter = 10012;
  static constexpr int consumer_not_found = 10014;
  static constexpr int not_enough_storage = 10023;
  static constexpr int no_message_found = 10037;
  static constexpr int not_enabled_for_account = 10039;
  static constexpr int sequence_not_found = 10043;
  static constexpr int storage_exceeded = 10047;
  static constexpr int message_not_deleted = 10057;
  static constexpr int stream_name_in_use = 10058;
  static constexpr int stream_not_found = 10059;
  static constexpr int wrong_last_sequence = 10071;
  static constexpr int not_enabled = 10076;
  static constexpr int not_stored = 10077; ///< both "already there" and "full": only the text differs
  static constexpr int filter_taken = 10099;
  static constexpr int filter_overlaps = 10100;
};

[[nodiscard]] inline jetstream_error jetstream_error_of(const nlohmann::json& object) {
  jetstream_error error;
  if (const auto code = object.find("err_code"); code != object.end() && code->is_number_integer())
    error.code = code->get<int>();
  if (const auto text = object.find("description"); text != object.end() && text->is_string())
    error.text = text->get<std::string>();
  return error;
}

} // namespace trainyard
