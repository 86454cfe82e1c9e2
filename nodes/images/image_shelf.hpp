// A coordinator's remote roots: which bytes of which file it gives to those who ask.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "actors/device/image/root_directory.hpp"
#include "messages/images.hpp"

namespace trainyard {

/// Immutable: any thread may call anything at any time. Blocks on the disk.
class image_shelf {
public:
  using root_map = std::map<std::string, std::shared_ptr<const root_directory>, std::less<>>;
  explicit image_shelf(root_map roots) : roots_(std::move(roots)) {}

  /// At most `most_bytes` of the file. The failures are those of a worker that reads the file itself;
  /// asset_changed where it is not the one that the request tells of; nats_unreachable where something else
  /// lies at the root's path by now.
  [[nodiscard]] result<image_chunk> read(const std::string& root, const image_request& asked,
                                         std::size_t most_bytes) const;
  /// The same for a message; `max_payload` is what the server takes for the answer.
  [[nodiscard]] std::vector<std::byte> answer(const std::string& root, std::span<const std::byte> payload,
                                              std::size_t max_payload) const;

private:
  root_map roots_;
};

} // namespace trainyard
