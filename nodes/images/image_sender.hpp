// One image to the coordinators: looked for first, then sent in parts, and what got lost again.
#pragma once

#include <atomic>
#include <chrono>
#include <string>

#include "actors/device/image/image_file.hpp"
#include "messages/images.hpp"
#include "messages/subjects.hpp"
#include "nodes/images/part_size.hpp"
#include "nodes/images/pending_requests.hpp"

namespace trainyard {

struct image_sender_options {
  std::size_t parts_in_flight = 4;
  std::chrono::milliseconds timeout{10'000};  ///< of one part
  std::chrono::milliseconds patience{60'000}; ///< with coordinators that do not answer
};

enum class sent_as { new_image, already_there };

/// Thread safe. `requests` outlives it.
class image_sender {
public:
  image_sender(pending_requests& requests, subjects names, std::string folder, image_sender_options options);

  /// Blocks until the image is stored. A coordinator's refusal at once; what may pass when nobody has
  /// answered any sender for as long as the patience, or nobody is there at the very first; `interrupted`
  /// after stop.
  [[nodiscard]] result<sent_as> send(const std::string& path, const image_file& image);

private:
  [[nodiscard]] result<sent_as> send_once(const upload_request& what, const image_file& image);
  [[nodiscard]] result<upload_reply> ask_patiently(const upload_request& what);
  [[nodiscard]] result<void> send_parts(const upload_request& what, const image_file& image, std::size_t end);
  [[nodiscard]] result<upload_reply> reply_to(const pending_requests::handle& asked);
  [[nodiscard]] pending_requests::handle ask(const upload_request& what);
  [[nodiscard]] bool gives_up(const failure& why) const;
  [[nodiscard]] std::size_t chunk_bytes() const;

  pending_requests& requests_;
  subjects names_;
  std::string folder_;
  image_sender_options options_;
  std::atomic<bool> answered_ = false;
  std::atomic<std::chrono::steady_clock::time_point> last_answer_;
  part_size parts_;
};

/// The part [offset, offset + length) of the image in a copy of `what`.
[[nodiscard]] upload_request part_of(const upload_request& what, const image_file& image,
                                     std::uint64_t offset, std::uint64_t length);

} // namespace trainyard
