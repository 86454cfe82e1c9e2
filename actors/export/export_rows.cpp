// Vectors by mapping, metadata by Parquet, side by side.
#include "actors/export/export_rows.hpp"

#include <cstring>

#include "actors/search/exact_search.hpp"
#include "actors/search/row_products.hpp"

namespace trainyard {
namespace {

void widen(std::span<const std::byte> stored, number_format format, std::vector<float>& into) {
  into.resize(stored.size() / bytes_of(format));
  if (format == number_format::fp32) {
    std::memcpy(into.data(), stored.data(), stored.size());
    return;
  }
  for (std::size_t i = 0; i < into.size(); ++i) {
    std::uint16_t half = 0;
    std::memcpy(&half, stored.data() + 2 * i, sizeof half);
    into[i] = from_half(half);
  }
}

result<void> blocks_of_shard(const vector_folder& folder, const vector_shard& shard, std::uint64_t most_rows,
                             const take_block& take) {
  const auto rows = open_shard_rows(folder, shard);
  if (!rows)
    return tl::unexpected(rows.error());
  const auto about = read_metadata(shard.parquet);
  if (!about)
    return tl::unexpected(about.error());
  if (about->size() != shard.rows)
    return fail(failure_kind::output_corrupt,
                shard.parquet.string() + " has " + std::to_string(about->size()) + " rows, its vectors " +
                    std::to_string(shard.rows),
                "restore the folder from a copy, or embed into a new one");
  std::vector<float> wide;
  for (std::uint64_t first = 0; first < shard.rows; first += most_rows) {
    const auto count = std::min(most_rows, shard.rows - first);
    const auto mapped = rows->map(first, count);
    if (!mapped)
      return tl::unexpected(mapped.error());
    widen(mapped->bytes(), folder.format, wide);
    if (auto taken = take({shard.first_row + first, std::span(*about).subspan(first, count), wide}); !taken)
      return taken;
  }
  return {};
}

} // namespace

result<void> for_each_block(const vector_folder& folder, std::uint64_t most_rows, const take_block& take) {
  for (const auto& shard : folder.shards)
    if (auto done = blocks_of_shard(folder, shard, most_rows, take); !done)
      return done;
  return {};
}

} // namespace trainyard
