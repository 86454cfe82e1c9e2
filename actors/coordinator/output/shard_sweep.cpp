// Rows are copied in runs, byte for byte.
#include "actors/coordinator/output/shard_sweep.hpp"

#include <algorithm>
#include <vector>

#include "actors/coordinator/output/corrupt_output.hpp"
#include "actors/coordinator/output/open_shard.hpp"
#include "actors/disk/sha256.hpp"

namespace trainyard {

namespace {

constexpr std::size_t portion_bytes = 1 << 20;

bool is_gone(const metadata_row& row, const asset_keys& gone) {
  const auto key = asset_key_in(row.asset_id);
  return key && gone.contains(*key);
}

/// Appends rows [first, end) of `from`.
result<void> copy_rows(const durable_file& from, std::uint64_t first, std::uint64_t end,
                       std::uint64_t row_bytes, npy_file& to) {
  std::vector<std::byte> portion;
  auto at = npy_header_bytes + first * row_bytes;
  const auto stop = npy_header_bytes + end * row_bytes;
  while (at < stop) {
    portion.resize(std::min<std::uint64_t>(portion_bytes, stop - at));
    if (auto got = from.read_all_at(at, portion); !got)
      return got;
    if (auto put = to.append(portion); !put)
      return put;
    at += portion.size();
  }
  return {};
}

result<void> copy_kept(const std::filesystem::path& old, const std::vector<bool>& keep,
                       std::uint64_t row_bytes, npy_file& to) {
  const auto from = durable_file::open_existing_or_new(old);
  if (!from)
    return tl::unexpected(from.error());
  for (std::size_t first = 0; first < keep.size();) {
    const auto end = static_cast<std::size_t>(
        std::find(keep.begin() + static_cast<std::ptrdiff_t>(first), keep.end(), !keep[first]) -
        keep.begin());
    if (keep[first])
      if (auto copied = copy_rows(*from, first, end, row_bytes, to); !copied)
        return copied;
    first = end;
  }
  return {};
}

} // namespace

result<std::optional<sweep_record>> shard_without(const folder_layout& at, const output_spec& spec,
                                                  const commit_record& old, const asset_keys& gone,
                                                  std::uint64_t number) {
  const auto parquet = at.root / folder_layout::parquet_name(*old.shard);
  auto rows = read_metadata(parquet);
  if (!rows)
    return tl::unexpected(rows.error());
  if (rows->size() != old.rows)
    return corrupt_output(parquet.string() + " does not hold the rows that were committed");
  std::vector<bool> keep;
  for (const auto& row : *rows)
    keep.push_back(!is_gone(row, gone));
  const auto kept = static_cast<std::uint64_t>(std::ranges::count(keep, true));
  if (kept == old.rows)
    return std::nullopt;
  sweep_record record;
  record.replaces = old.shard;
  if (kept == 0)
    return record;
  std::erase_if(*rows, [&](const metadata_row& row) { return is_gone(row, gone); });
  const auto npy = at.root / folder_layout::npy_name(number);
  auto vectors = npy_file::create(npy);
  if (!vectors)
    return tl::unexpected(vectors.error());
  auto& state = record.state;
  return copy_kept(at.root / folder_layout::npy_name(*old.shard), keep, spec.row_bytes(), *vectors)
      .and_then([&] { return write_shard(at, number, spec, *vectors, *rows); })
      .map([&](commit_record written) {
        state = std::move(written);
        return std::optional(record);
      });
}

} // namespace trainyard
