// A set of item numbers as bits: at most an eighth of a byte for each item that there is, whatever order they
// come in.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace trainyard {

class item_set {
public:
  void add(std::uint64_t item);
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// The lowest item at or above `from`; nothing when there is none.
  [[nodiscard]] std::optional<std::uint64_t> next(std::uint64_t from) const;

  /// For a file: what from_bytes() reads.
  [[nodiscard]] std::string to_bytes() const;
  [[nodiscard]] static std::optional<item_set> from_bytes(std::string_view bytes);

private:
  static constexpr std::uint64_t items_in_a_chunk = 65'536;
  using chunk = std::array<std::uint64_t, items_in_a_chunk / 64>;

  std::map<std::uint64_t, chunk> chunks_; ///< by item / items_in_a_chunk; only those that hold one
  std::uint64_t size_ = 0;
};

} // namespace trainyard
