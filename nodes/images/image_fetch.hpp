// One file from a coordinator: several parts on their way at once, each asked for until somebody answers.
#pragma once

#include <functional>
#include <string>

#include "actors/device/image/image_file.hpp"
#include "messages/images.hpp"
#include "messages/subjects.hpp"
#include "nodes/images/part_size.hpp"
#include "nodes/images/pending_requests.hpp"

namespace trainyard {

struct image_fetch_options {
  std::size_t parts_in_flight = 4;
  std::chrono::milliseconds timeout{10'000}; ///< of one part
  /// Why nothing comes, as often as it is asked again; runs on the fetching thread.
  std::function<void(const failure&)> on_waiting;
};

/// Thread safe. `requests` outlives it.
class image_fetch {
public:
  image_fetch(pending_requests& requests, subjects names, image_fetch_options options);

  /// Blocks until a coordinator has sent the whole file or its refusal, or the requests are stopped
  /// (interrupted). A file that changes meanwhile is fetched anew a few times; then it is asset_changed.
  [[nodiscard]] result<image_file> fetch(const std::string& root, const std::string& path);

private:
  struct transfer;
  [[nodiscard]] result<image_file> fetch_once(const std::string& root, const std::string& path);
  [[nodiscard]] pending_requests::handle ask(const std::string& root, const image_request& what);
  [[nodiscard]] result<image_chunk> first_part(const std::string& root, const std::string& path);
  [[nodiscard]] result<void> rest_of(transfer& file);
  [[nodiscard]] bool wait_after(const failure& why, class backoff& pause);
  [[nodiscard]] std::size_t chunk_bytes() const;

  pending_requests& requests_;
  subjects names_;
  image_fetch_options options_;
  part_size parts_;
};

} // namespace trainyard
