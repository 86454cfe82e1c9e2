// An asset's id in 16 bytes, for sets of many: its text form is the asset_id of metadata and failures.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace trainyard {

using asset_key = std::array<std::byte, 16>;

[[nodiscard]] asset_key asset_key_of(std::string_view path);
/// Of 32 lower case hex digits; nothing for another text.
[[nodiscard]] std::optional<asset_key> asset_key_in(std::string_view asset_id);

/// A sorted list without doubles: 16 bytes each.
class asset_keys {
public:
  asset_keys() = default;
  explicit asset_keys(std::vector<asset_key> keys) : keys_(std::move(keys)) {
    std::sort(keys_.begin(), keys_.end());
    keys_.erase(std::unique(keys_.begin(), keys_.end()), keys_.end());
  }
  [[nodiscard]] bool contains(const asset_key& key) const {
    return std::binary_search(keys_.begin(), keys_.end(), key);
  }
  [[nodiscard]] std::size_t size() const { return keys_.size(); }
  [[nodiscard]] bool empty() const { return keys_.empty(); }

private:
  std::vector<asset_key> keys_;
};

} // namespace trainyard
