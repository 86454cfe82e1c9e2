// A list of neighbours and a queue of merges that may be due: a word of any length costs n log n.
#include "actors/device/text/byte_pairs.hpp"

#include <queue>
#include <tuple>

#include "actors/device/text/unicode.hpp"

namespace trainyard {
namespace {

constexpr std::string_view word_end = "</w>";

constexpr bool is_spelt_as_itself(unsigned byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

/// A token of a word, which merges grow and use up.
struct symbol {
  std::int64_t id = 0;
  std::int64_t before = -1; ///< indices; -1: none
  std::int64_t after = -1;
  bool gone = false;
};

/// A pair whose merge was possible when it was put into the queue.
struct due {
  std::uint32_t rank;
  std::int64_t at; ///< index of the left one
  std::int64_t into;
  /// std::priority_queue gives the greatest: the lowest rank, and of one rank the leftmost.
  bool operator<(const due& other) const { return std::tie(other.rank, other.at) < std::tie(rank, at); }
};

} // namespace

std::string spelling_of_byte(std::uint8_t byte) {
  char32_t character = byte;
  if (!is_spelt_as_itself(byte)) {
    character = 0x100;
    for (unsigned each = 0; each < byte; ++each)
      character += is_spelt_as_itself(each) ? 0 : 1;
  }
  return utf8_of({&character, 1});
}

byte_pairs::pair_key byte_pairs::key_of(std::int64_t left, std::int64_t right) noexcept {
  return static_cast<pair_key>(left) << 32U | static_cast<pair_key>(right);
}

tl::expected<byte_pairs, std::string> byte_pairs::make(const bpe_vocabulary& vocabulary) {
  byte_pairs made;
  std::string missing;
  const auto id_of = [&](const std::string& token) -> std::int64_t {
    const auto found = vocabulary.ids.find(token);
    if (found == vocabulary.ids.end() && missing.empty())
      missing = token;
    return found == vocabulary.ids.end() ? 0 : found->second;
  };
  for (unsigned byte = 0; byte < 256; ++byte) {
    const auto spelling = spelling_of_byte(static_cast<std::uint8_t>(byte));
    made.inner_[byte] = id_of(spelling);
    made.last_[byte] = id_of(spelling + std::string(word_end));
  }
  made.merges_.reserve(vocabulary.merges.size());
  for (std::uint32_t rank = 0; rank < vocabulary.merges.size(); ++rank) {
    const auto& [left, right] = vocabulary.merges[rank];
    made.merges_[key_of(id_of(left), id_of(right))] = {rank, id_of(left + right)};
  }
  if (!missing.empty())
    return tl::unexpected(missing);
  return made;
}

void byte_pairs::encode(std::string_view word, std::vector<std::int64_t>& ids) const {
  std::vector<symbol> symbols(word.size());
  std::priority_queue<due> queue;
  const auto at = [&](std::int64_t index) -> symbol& { return symbols[static_cast<std::size_t>(index)]; };
  const auto consider = [&](std::int64_t left) {
    const auto right = left < 0 ? -1 : at(left).after;
    if (right < 0)
      return;
    if (const auto found = merges_.find(key_of(at(left).id, at(right).id)); found != merges_.end())
      queue.push({found->second.rank, left, found->second.into});
  };
  for (std::size_t i = 0; i < word.size(); ++i) {
    const bool ends = i + 1 == word.size();
    const auto byte = static_cast<std::uint8_t>(word[i]);
    const auto index = static_cast<std::int64_t>(i);
    symbols[i] = {ends ? last_[byte] : inner_[byte], index - 1, ends ? -1 : index + 1, false};
  }
  for (std::size_t i = 0; i < word.size(); ++i)
    consider(static_cast<std::int64_t>(i));
  while (!queue.empty()) {
    const auto next = queue.top();
    queue.pop();
    auto& left = at(next.at);
    if (left.gone || left.after < 0)
      continue;
    auto& right = at(left.after);
    const auto still = merges_.find(key_of(left.id, right.id));
    if (still == merges_.end() || still->second.into != next.into)
      continue; // one of the two has become part of another since
    right.gone = true;
    left.id = next.into;
    left.after = right.after;
    if (left.after >= 0)
      at(left.after).before = next.at;
    consider(left.before);
    consider(next.at);
  }
  for (const auto& each : symbols)
    if (!each.gone)
      ids.push_back(each.id);
}

} // namespace trainyard
