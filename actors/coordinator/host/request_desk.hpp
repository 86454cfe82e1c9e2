// Answers clients: one request in, one reply out, in the request's own coding.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "actors/coordinator/host/coordinator_service.hpp"
#include "actors/coordinator/host/session_book.hpp"
#include "actors/coordinator/host/session_intake.hpp"

namespace trainyard {

/// One thread's; answers block for a few round trips and on the disk. Knows no actors: what a request changes
/// stands in the book.
class request_desk {
public:
  using clock_text = std::function<std::string()>; ///< the time of day, ISO 8601
  using random_id = std::function<std::string()>;  ///< a token that nobody else has

  request_desk(session_book& book, const fleet_view& fleet, const session_intake& intake, clock_text now,
               random_id fresh_id);

  [[nodiscard]] std::vector<std::byte> answer(const api_request& request);
  /// A published job, handed out for the `delivered`th time. What can never be run becomes a failed session,
  /// so that somebody sees it; a failure is for trying again later, perhaps by a coordinator with other
  /// roots.
  [[nodiscard]] result<void> take_job(const std::string& subject, const std::vector<std::byte>& payload,
                                      std::uint64_t delivered);

private:
  [[nodiscard]] result<submit_reply> submit(session_spec spec);
  [[nodiscard]] result<submit_reply> known_already(const session_spec& asked, const session_record& accepted);
  [[nodiscard]] result<session_status> change(const std::string& session, const session_book::edit& how);
  [[nodiscard]] result<bool> retry(session_record& record);
  [[nodiscard]] result<session_list> list(const std::vector<std::byte>& payload) const;
  [[nodiscard]] result<failure_page> failures(const api_request& request);
  [[nodiscard]] result<session_status> about(const api_request& request);

  session_book& book_;
  const fleet_view& fleet_;
  const session_intake& intake_;
  clock_text now_;
  random_id fresh_id_;
};

} // namespace trainyard
