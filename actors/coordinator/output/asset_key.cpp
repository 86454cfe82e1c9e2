// The first half of the path's SHA-256, and back from hex digits.
#include "actors/coordinator/output/asset_key.hpp"

#include "actors/disk/sha256.hpp"

namespace trainyard {

namespace {

std::optional<unsigned> digit(char from) {
  if (from >= '0' && from <= '9')
    return static_cast<unsigned>(from - '0');
  if (from >= 'a' && from <= 'f')
    return static_cast<unsigned>(from - 'a') + 10;
  return std::nullopt;
}

} // namespace

asset_key asset_key_of(std::string_view path) {
  const auto digest = sha256_of(path);
  asset_key key;
  std::copy_n(digest.begin(), key.size(), key.begin());
  return key;
}

std::optional<asset_key> asset_key_in(std::string_view asset_id) {
  asset_key key;
  if (asset_id.size() != 2 * key.size())
    return std::nullopt;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const auto high = digit(asset_id[2 * i]);
    const auto low = digit(asset_id[2 * i + 1]);
    if (!high || !low)
      return std::nullopt;
    key[i] = std::byte(*high << 4 | *low);
  }
  return key;
}

} // namespace trainyard
