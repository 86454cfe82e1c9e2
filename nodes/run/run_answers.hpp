// What a run says of itself to its own dashboard, in a coordinator's words: one session, one worker.
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "messages/api.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// Any thread.
class run_answers {
public:
  /// `known`: what is known of the session before it begins. `output`: where its failures stand.
  run_answers(session_status known, std::filesystem::path output);

  void heard(const session_progress& progress);
  void heard(const node_heartbeat& beat);
  /// A reply as JSON: list, devices, status or failures. session_unknown for another session's id,
  /// session_conflict for what would change it: a run is steered from its own terminal. Failures are read
  /// from the disk.
  [[nodiscard]] result<std::string> answer(std::string_view verb, std::string_view session,
                                           std::string_view payload) const;

private:
  [[nodiscard]] static result<std::string> list(std::string_view payload, const session_status& now);
  [[nodiscard]] session_status status() const;

  mutable std::mutex mutex_;
  session_status status_;
  std::optional<node_heartbeat> beat_;
  std::filesystem::path output_;
};

} // namespace trainyard
