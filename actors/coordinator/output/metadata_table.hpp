// The metadata of a shard as a Parquet file in memory; the only place that knows Arrow.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "actors/disk/sha256.hpp"
#include "messages/failure.hpp"

namespace trainyard {

struct metadata_row {
  std::string image_path; ///< printable UTF-8
  std::string asset_id;
  std::int32_t width = 0; ///< pixels
  std::int32_t height = 0;
  std::int64_t bytes = 0;
  std::int64_t mtime_ns = 0; ///< since 1970, UTC
  sha256_digest sha256{};
  std::string device;
  std::string precision;
};

/// Row i of the file is rows[i]; the same rows give the same bytes. Columns are named as the members, mtime
/// is a timestamp[ns, UTC] and sha256 hex text. `internal` with Arrow's text when Arrow fails.
[[nodiscard]] result<std::string> metadata_parquet(std::span<const metadata_row> rows);

} // namespace trainyard
