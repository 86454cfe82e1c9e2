// One file from a coordinator: several parts on their way at once, each asked for until somebody answers.
#pragma once

#include <functional>
#include <string>

#include "actors/device/image/image_file.hpp"
#include "messages/images.hpp"
#include "messages/subjects.hpp"
#include "nodes/images/part_size.hpp"
#include "nodes/images/pending_requests.hpp"
#include "nodes/images/root_silence.hpp"

namespace trainyard {

struct image_fetch_options {
  std::size_t parts_in_flight = 4;
  std::chrono::milliseconds timeout{10'000};  ///< of one part
  std::chrono::milliseconds patience{30'000}; ///< with a root for which nobody answers anything
  /// Why nothing comes, as often as it is asked again; runs on the fetching thread.
  std::function<void(const failure&)> on_waiting;
};

class backoff;

/// Thread safe. `requests` outlives it.
class image_fetch {
public:
  image_fetch(pending_requests& requests, subjects names, image_fetch_options options);

  /// Blocks until a coordinator has sent the whole file or its refusal, or the requests are stopped
  /// (interrupted). A file that changes meanwhile is fetched anew a few times; then it is asset_changed. That
  /// it is missing, denied or cannot be read is believed when it was said three times, mostly by several.
  /// nats_unreachable, which says nothing of the file, when the patience with its root is over, and then at
  /// once until somebody answers for the root again.
  [[nodiscard]] result<image_file> fetch(const std::string& root, const std::string& path);
  [[nodiscard]] bool is_out_of_reach(const std::string& root) const { return silence_.is_too_long(root); }
  /// Asks for each root that is out of reach, once. Blocks for an answer to each.
  void look_for_silent_roots();

private:
  struct transfer;
  [[nodiscard]] result<image_file> fetch_once(const std::string& root, const std::string& path);
  [[nodiscard]] pending_requests::handle ask(const std::string& root, const image_request& what);
  [[nodiscard]] result<image_chunk> first_part(const std::string& root, const std::string& path);
  [[nodiscard]] result<void> rest_of(transfer& file);
  [[nodiscard]] result<image_chunk> answer_to(const std::string& root, const pending_requests::handle& asked);
  [[nodiscard]] result<void> ask_again_after(const std::string& root, const failure& why, backoff& pause);
  [[nodiscard]] bool wait_after(const failure& why, backoff& pause);
  [[nodiscard]] std::size_t chunk_bytes() const;

  pending_requests& requests_;
  subjects names_;
  image_fetch_options options_;
  root_silence silence_;
  part_size parts_;
};

} // namespace trainyard
