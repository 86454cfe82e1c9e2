// Failed images of all sessions as one list, cut into pages; and which sessions a page must ask for its part.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "messages/api.hpp"

namespace trainyard {

struct dead_letter {
  std::string session_id;
  std::string session_state; ///< one that has ended can be retried
  std::string asset;
  std::string stage;
  std::string code;
  std::string reason;
  std::uint32_t attempts = 1;

  static constexpr auto fields() {
    return std::tuple{required("session_id", &dead_letter::session_id),
                      required("session_state", &dead_letter::session_state),
                      required("asset", &dead_letter::asset),
                      required("stage", &dead_letter::stage),
                      required("code", &dead_letter::code),
                      required("reason", &dead_letter::reason),
                      required("attempts", &dead_letter::attempts)};
  }
};

struct dead_letter_page {
  std::int64_t schema = wire_schema;
  std::uint64_t total = 0;    ///< failed images of all sessions that coordinators list
  std::uint64_t sessions = 0; ///< that have any
  std::uint64_t offset = 0;
  std::vector<dead_letter> failures;
  std::optional<std::uint64_t> next_offset; ///< missing on the last page
  std::vector<std::string> unreadable; ///< sessions of this page whose failures their coordinator cannot tell

  static constexpr auto fields() {
    return std::tuple{required("schema", &dead_letter_page::schema),
                      required("total", &dead_letter_page::total),
                      required("sessions", &dead_letter_page::sessions),
                      required("offset", &dead_letter_page::offset),
                      required("failures", &dead_letter_page::failures),
                      optional("next_offset", &dead_letter_page::next_offset),
                      required("unreadable", &dead_letter_page::unreadable)};
  }
};

/// What one session gives to a page.
struct dead_letter_part {
  std::string session;
  std::string state;
  failures_request wanted;
};

struct dead_letter_plan {
  dead_letter_page page; ///< without its failures
  std::vector<dead_letter_part> parts;
};

/// A page asks no more sessions than this; it may end before its limit.
inline constexpr std::size_t most_sessions_of_a_page = 16;

/// Each session's failures in its own order.
[[nodiscard]] dead_letter_plan plan_dead_letters(const std::vector<session_status>& newest_first,
                                                 std::uint64_t offset, std::uint64_t limit);
void add_to(dead_letter_page& page, const dead_letter_part& part, failure_page given);

} // namespace trainyard
