// Compares the directory with what the output holds, and seals what has to be done about it as a generation.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "actors/coordinator/content_check.hpp"
#include "actors/coordinator/directory_walk.hpp"
#include "actors/coordinator/generation_files.hpp"
#include "actors/coordinator/item_set.hpp"
#include "actors/coordinator/listing_comparison.hpp"
#include "actors/coordinator/manifest.hpp"

namespace trainyard {

/// What stands, and what is asked for.
struct update_order {
  std::filesystem::path directory; ///< absolute, links resolved
  std::filesystem::path out;
  bool prune = false;
  bool retry_failed = false;
  session_plan plan;               ///< of all generations; nothing of it is open any more
  std::vector<shard_range> shards; ///< of the output
  std::uint64_t failures_bytes = 0;
};

/// Step by step, so that it can be left at any time: what was not sealed does not count, and the next opening
/// of the manifest cuts it off. Memory: a portion of the two listings, 16 bytes for each line of
/// failures.jsonl, an eighth of a byte for each item ever listed. Owned by one thread; every call blocks on
/// the disk. Nobody else may use the manifest's writer, or change the output, while it lives.
class directory_update {
public:
  /// input_missing where the directory is not there.
  [[nodiscard]] static result<std::unique_ptr<directory_update>>
  open(std::shared_ptr<const update_order> order, std::shared_ptr<manifest_writer> manifest);
  directory_update(const directory_update&) = delete;
  directory_update& operator=(const directory_update&) = delete;

  /// A slice of the work: false when there is no more. input_empty where a directory without a single image
  /// would have everything pruned: it is more likely not mounted.
  [[nodiscard]] result<bool> step();
  /// After the last step. A generation is sealed where any() of it.
  [[nodiscard]] const changes_report& changes() const { return changes_; }

private:
  directory_update(std::shared_ptr<const update_order> order, std::shared_ptr<manifest_writer> manifest,
                   std::shared_ptr<const asset_keys> failed, listing_comparison comparison,
                   directory_walk walk);
  [[nodiscard]] result<void> read_portion();
  [[nodiscard]] result<bool> decide_contents();
  [[nodiscard]] result<void> write_portion();
  [[nodiscard]] result<void> write(const comparison_step& step);
  [[nodiscard]] result<void> embed(const comparison_step& step);
  void supersede(const live_item& gone);
  [[nodiscard]] result<void> end();
  [[nodiscard]] result<void> seal();
  [[nodiscard]] result<void> write_superseded(generation_note& note);

  std::shared_ptr<const update_order> order_;
  std::shared_ptr<manifest_writer> manifest_;
  generation_files files_;
  std::uint64_t generation_;
  std::shared_ptr<const asset_keys> failed_; ///< stand in failures.jsonl
  listing_comparison comparison_;
  directory_walk walk_;
  content_check contents_;
  live_listing_writer live_;
  item_set superseded_;
  std::uint64_t superseded_failed_ = 0;
  std::vector<comparison_step> portion_;
  std::vector<std::size_t>
      undecided_;           ///< of portion_; by falling item number, so that the next one is the last
  std::uint64_t found_ = 0; ///< by the walk
  bool compared_ = false;   ///< to the end
  changes_report changes_;
};

} // namespace trainyard
