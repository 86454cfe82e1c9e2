// Pure: in which parts a file travels, and which of them are still to be asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace trainyard {

/// No part is larger, whatever the server would take: acknowledgements and heartbeats wait behind it.
inline constexpr std::size_t most_chunk_bytes = std::size_t{1} << 20U;
/// For the fields round the bytes, the longest path among them.
inline constexpr std::size_t chunk_headroom_bytes = std::size_t{8} << 10U;

/// Bytes of a file in one message of a server that takes `max_payload`; at least 1.
[[nodiscard]] std::size_t chunk_bytes_within(std::size_t max_payload);

struct byte_range {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  bool operator==(const byte_range&) const = default;
};

/// Hands out every byte from `begin` to `size` once, in parts of at most `chunk`, and again what was lost.
class chunk_plan {
public:
  chunk_plan(std::uint64_t begin, std::uint64_t size, std::uint64_t chunk);

  /// The next part to ask for; nothing while all that is missing has been asked for.
  [[nodiscard]] std::optional<byte_range> next();
  /// The first `got` bytes of a part are there (1 to its length); the rest is handed out again.
  void arrived(const byte_range& part, std::uint64_t got);
  /// Nothing of it came; handed out again, in parts of at most `chunk`.
  void lost(const byte_range& part, std::uint64_t chunk);
  [[nodiscard]] bool complete() const { return missing_ == 0; }

private:
  std::uint64_t size_;
  std::uint64_t chunk_;
  std::uint64_t next_;
  std::uint64_t missing_;
  std::vector<byte_range> again_; ///< later ones first
};

} // namespace trainyard
