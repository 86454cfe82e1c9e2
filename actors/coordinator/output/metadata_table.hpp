// The metadata of a shard as a Parquet file; the only room that knows Arrow.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

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

/// The rows of such a file: metadata_parquet() makes the same bytes of them again. output_corrupt with the
/// file's name when it cannot be read or is another table.
[[nodiscard]] result<std::vector<metadata_row>> read_metadata(const std::filesystem::path& file);

} // namespace trainyard
