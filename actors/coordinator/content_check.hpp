// Whether a file that was touched still has the content of its row: its SHA-256 against the metadata's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <unordered_map>
#include <vector>

#include "actors/coordinator/listed_asset.hpp"
#include "actors/coordinator/output/asset_key.hpp"
#include "actors/coordinator/output/output_folder.hpp"
#include "actors/coordinator/session_plan.hpp"
#include "actors/disk/sha256.hpp"
#include "messages/failure.hpp"

namespace trainyard {

enum class content_verdict {
  same,
  other,   ///< or of an item without a row, or behind a link: it is embedded again, and its result tells
  unknown, ///< it could not be read just now, or is not as it was listed any more
};

/// Memory: the hashes of one shard, which is read when an item of another one is asked for: ask in the order
/// of items. Blocks on the disk.
class content_check {
public:
  /// `shards` as they stand, in any order.
  content_check(std::filesystem::path directory, std::filesystem::path out, session_plan plan,
                std::vector<shard_range> shards);

  /// Of the file that was listed as `now` against the item's row. output_corrupt where the shard cannot be
  /// read.
  [[nodiscard]] result<content_verdict> compare(std::uint64_t item, const listed_asset& now);
  /// Read from the directory so far.
  [[nodiscard]] std::uint64_t hashed_bytes() const { return hashed_bytes_; }

private:
  struct key_hash {
    std::size_t operator()(const asset_key& key) const;
  };
  [[nodiscard]] result<void> load(const shard_range& shard);
  [[nodiscard]] const shard_range* shard_of(std::uint64_t batch) const;
  [[nodiscard]] content_verdict compare_with(const sha256_digest& row, const listed_asset& now);

  std::filesystem::path directory_;
  std::filesystem::path out_;
  session_plan plan_;
  std::vector<shard_range> shards_; ///< by first_batch
  std::optional<std::uint64_t> loaded_;
  std::unordered_map<asset_key, sha256_digest, key_hash> hashes_; ///< of shard `loaded_`
  std::uint64_t hashed_bytes_ = 0;
};

} // namespace trainyard
