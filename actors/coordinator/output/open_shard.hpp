// The shard that is being filled: vectors go to a temporary npy at once, metadata waits in memory for its
// end.
#pragma once

#include <span>
#include <vector>

#include "actors/coordinator/output/folder_layout.hpp"
#include "actors/coordinator/output/metadata_table.hpp"
#include "actors/coordinator/output/npy_file.hpp"
#include "actors/coordinator/output/output_spec.hpp"
#include "actors/coordinator/output/shard_log.hpp"
#include "messages/wire.hpp"

namespace trainyard {

/// Seals `vectors`, which hold one row for each of `rows`, and writes the metadata: both files of shard
/// `number` stand complete under their names, durably; the record tells of shard, rows and files.
[[nodiscard]] result<commit_record> write_shard(const folder_layout& at, std::uint64_t number,
                                                const output_spec& spec, npy_file& vectors,
                                                std::span<const metadata_row> rows);

class open_shard {
public:
  open_shard(folder_layout at, std::uint64_t number) : at_(std::move(at)), number_(number) {}
  ~open_shard(); ///< removes the temporary files
  open_shard(const open_shard&) = delete;
  open_shard& operator=(const open_shard&) = delete;

  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_.size(); }
  /// Appends a result that check_result found good.
  [[nodiscard]] result<void> add(std::span<const work_asset> assets, const batch_result& done);
  /// Needs rows. Both files stand complete under their names, durably; the record tells of them.
  [[nodiscard]] result<commit_record> close(const output_spec& spec);

private:
  [[nodiscard]] std::filesystem::path npy() const { return at_.root / folder_layout::npy_name(number_); }
  [[nodiscard]] std::filesystem::path parquet() const {
    return at_.root / folder_layout::parquet_name(number_);
  }

  folder_layout at_;
  std::uint64_t number_;
  npy_file vectors_;
  std::vector<metadata_row> rows_;
};

} // namespace trainyard
