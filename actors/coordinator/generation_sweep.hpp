// Takes out of the output what a generation supersedes, once all of its own results stand there.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "actors/coordinator/generation_files.hpp"
#include "actors/coordinator/item_set.hpp"
#include "actors/coordinator/manifest.hpp"
#include "actors/coordinator/output/output_folder.hpp"
#include "actors/coordinator/session_plan.hpp"

namespace trainyard {

/// A shard a step. May be dropped between any two steps and opened again, also after a crash: what has been
/// taken out stays out, and the end is the same. Memory: an eighth of a byte for each item ever listed, and
/// 16 bytes for each superseded item of one shard, then for each line of failures.jsonl.
class generation_sweep {
public:
  /// output_corrupt where the set of superseded items is not the one that `note` tells of.
  [[nodiscard]] static result<generation_sweep> open(const generation_files& files, generation_note note,
                                                     const output_folder& output);

  /// False once the sweep has ended. `plan` and `manifest` know the generation; all of its batches are
  /// written. Blocks on the disk.
  [[nodiscard]] result<bool> step(output_folder& output, const session_plan& plan, manifest_reader& manifest);

private:
  generation_sweep(generation_note note, item_set superseded, std::vector<shard_range> shards)
      : note_(std::move(note)), superseded_(std::move(superseded)), shards_(std::move(shards)) {}
  [[nodiscard]] result<void> end(output_folder& output, const session_plan& plan, manifest_reader& manifest);
  /// Keys of the superseded items of a range, or of all of them those in `among`.
  [[nodiscard]] result<asset_keys> superseded_in(item_range range, manifest_reader& manifest,
                                                 const asset_keys* among) const;

  generation_note note_;
  item_set superseded_;
  std::vector<shard_range> shards_; ///< that stood when it was opened
  std::size_t next_ = 0;            ///< of shards_
};

} // namespace trainyard
