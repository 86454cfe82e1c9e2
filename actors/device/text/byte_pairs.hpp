// Byte-level byte pair encoding: the bytes of a word, joined pair by pair in the order of a list of merges.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace trainyard {

/// A tokenizer's files, read but not yet understood.
struct bpe_vocabulary {
  std::unordered_map<std::string, std::int64_t> ids;         ///< 0 to size - 1, each once
  std::vector<std::pair<std::string, std::string>> merges{}; ///< the first is done first
};

/// Immutable; any thread.
class byte_pairs {
public:
  /// The error says which token is missing: of a byte, or of a merge. "</w>" ends a word's last token.
  [[nodiscard]] static tl::expected<byte_pairs, std::string> make(const bpe_vocabulary& vocabulary);

  /// Appends the ids of `word`, any bytes. Takes time n log n.
  void encode(std::string_view word, std::vector<std::int64_t>& ids) const;

private:
  struct merge {
    std::uint32_t rank = 0;
    std::int64_t into = 0; ///< id
  };
  using pair_key = std::uint64_t;
  byte_pairs() = default;
  [[nodiscard]] static pair_key key_of(std::int64_t left, std::int64_t right) noexcept;

  std::array<std::int64_t, 256> inner_{}; ///< of a byte
  std::array<std::int64_t, 256> last_{};  ///< of a byte that ends a word
  std::unordered_map<pair_key, merge> merges_;
};

/// How the vocabulary spells a byte: printable ones as themselves, the others as characters from U+0100 on.
[[nodiscard]] std::string spelling_of_byte(std::uint8_t byte);

} // namespace trainyard
