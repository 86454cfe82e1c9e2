// Chunks of bits, of which only those stand in memory and in the file that hold an item.
#include "actors/coordinator/item_set.hpp"

#include <bit>

#include "actors/coordinator/little_endian.hpp"

namespace trainyard {

void item_set::add(std::uint64_t item) {
  auto& word = chunks_[item / items_in_a_chunk][item % items_in_a_chunk / 64];
  const auto bit = std::uint64_t{1} << (item % 64);
  size_ += (word & bit) == 0 ? 1 : 0;
  word |= bit;
}

std::optional<std::uint64_t> item_set::next(std::uint64_t from) const {
  for (auto at = chunks_.lower_bound(from / items_in_a_chunk); at != chunks_.end(); ++at) {
    const auto& [number, words] = *at;
    const auto first = number == from / items_in_a_chunk ? from % items_in_a_chunk : 0;
    for (auto i = first / 64; i < words.size(); ++i) {
      const auto word = words[i] & (i == first / 64 ? ~std::uint64_t{0} << (first % 64) : ~std::uint64_t{0});
      if (word != 0)
        return number * items_in_a_chunk + i * 64 + static_cast<std::uint64_t>(std::countr_zero(word));
    }
  }
  return std::nullopt;
}

std::string item_set::to_bytes() const {
  std::string bytes;
  bytes.reserve(chunks_.size() * (items_in_a_chunk / 8 + 8));
  for (const auto& [number, words] : chunks_) {
    put_number(bytes, number);
    for (const auto word : words)
      put_number(bytes, word);
  }
  return bytes;
}

std::optional<item_set> item_set::from_bytes(std::string_view bytes) {
  constexpr std::size_t chunk_bytes = 8 + items_in_a_chunk / 8;
  item_set set;
  if (bytes.size() % chunk_bytes != 0)
    return std::nullopt;
  for (; !bytes.empty(); bytes.remove_prefix(chunk_bytes)) {
    auto& words = set.chunks_[get_number<std::uint64_t>(bytes.data())];
    for (std::size_t i = 0; i < words.size(); ++i) {
      words[i] = get_number<std::uint64_t>(bytes.data() + 8 + 8 * i);
      set.size_ += static_cast<std::uint64_t>(std::popcount(words[i]));
    }
  }
  return set;
}

} // namespace trainyard
