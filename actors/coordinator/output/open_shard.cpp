// Rows in, two named files out.
#include "actors/coordinator/output/open_shard.hpp"

#include <algorithm>

#include "messages/json_codec.hpp"

namespace trainyard {

namespace {

metadata_row row_of(const work_asset& asset, const embedded_asset& embedded, const batch_result& done) {
  metadata_row row;
  row.image_path = printable_utf8(asset.path);
  row.asset_id = asset_id_of(asset.path);
  row.width = static_cast<std::int32_t>(embedded.width);
  row.height = static_cast<std::int32_t>(embedded.height);
  row.bytes = static_cast<std::int64_t>(embedded.bytes);
  row.mtime_ns = asset.mtime_ns;
  std::ranges::copy(embedded.sha256.bytes, row.sha256.begin());
  row.device = printable_utf8(done.device);
  row.precision = printable_utf8(done.precision);
  return row;
}

result<void> write_metadata(const std::filesystem::path& parquet, std::span<const metadata_row> rows,
                            commit_record& record) {
  const auto content = metadata_parquet(rows);
  if (!content)
    return tl::unexpected(content.error());
  record.parquet_sha256 = to_hex(sha256_of(*content));
  record.parquet_bytes = content->size();
  auto file = durable_file::create_fresh(temporary_of(parquet));
  if (!file)
    return tl::unexpected(std::move(file).error());
  return file->write_all_at(0, *content).and_then([&] { return file->sync(); });
}

} // namespace

result<commit_record> write_shard(const folder_layout& at, std::uint64_t number, const output_spec& spec,
                                  npy_file& vectors, std::span<const metadata_row> rows) {
  const auto npy = at.root / folder_layout::npy_name(number);
  const auto parquet = at.root / folder_layout::parquet_name(number);
  commit_record record;
  record.shard = number;
  record.rows = rows.size();
  auto hash = vectors.seal(npy_header(rows.size(), spec.dim, spec.dtype));
  if (!hash)
    return tl::unexpected(std::move(hash).error());
  record.npy_sha256 = std::move(*hash);
  record.npy_bytes = vectors.bytes();
  return write_metadata(parquet, rows, record)
      .and_then([&] { return rename_file(temporary_of(npy), npy); })
      .and_then([&] { return rename_file(temporary_of(parquet), parquet); })
      .and_then([&] { return sync_directory(at.vectors()); })
      .and_then([&] { return sync_directory(at.metadata()); })
      .map([&] { return record; });
}

open_shard::~open_shard() {
  if (!vectors_.is_open())
    return;
  // What cannot be removed now goes at the next opening.
  static_cast<void>(remove_file(temporary_of(npy())));
  static_cast<void>(remove_file(temporary_of(parquet())));
}

result<void> open_shard::add(std::span<const work_asset> assets, const batch_result& done) {
  if (done.embedded.empty())
    return {};
  if (!vectors_.is_open()) {
    auto fresh = npy_file::create(npy());
    if (!fresh)
      return tl::unexpected(std::move(fresh).error());
    vectors_ = std::move(*fresh);
  }
  if (auto written = vectors_.append(done.vectors.bytes); !written)
    return written;
  for (const auto& each : done.embedded)
    rows_.push_back(row_of(assets[each.position], each, done));
  return {};
}

result<commit_record> open_shard::close(const output_spec& spec) {
  return write_shard(at_, number_, spec, vectors_, rows_);
}

} // namespace trainyard
