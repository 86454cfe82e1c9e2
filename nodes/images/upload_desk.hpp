// A coordinator's answers to clients that send images.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "messages/images.hpp"
#include "nodes/images/upload_store.hpp"

namespace trainyard {

/// Thread safe; blocks on the disk.
class upload_desk {
public:
  explicit upload_desk(std::unique_ptr<upload_store> store) : store_(std::move(store)) {}

  [[nodiscard]] std::vector<std::byte> answer(const std::string& folder, std::span<const std::byte> payload);

private:
  [[nodiscard]] result<upload_reply> take(const std::string& folder, const upload_request& asked);
  std::unique_ptr<upload_store> store_;
};

} // namespace trainyard
