// The output folder of one session: numbered shards of vectors and metadata, failures, and session.json last.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "actors/coordinator/output/asset_key.hpp"
#include "actors/coordinator/output/output_spec.hpp"
#include "messages/failure.hpp"
#include "messages/wire.hpp"

namespace trainyard {

struct output_counts {
  std::uint64_t embedded = 0;
  std::uint64_t failed = 0;
  bool operator==(const output_counts&) const = default;
};

/// A committed shard, and the batches whose rows it holds.
struct shard_range {
  std::uint64_t number = 0;
  std::uint64_t first_batch = 0;
  std::uint64_t end_batch = 0;
  bool operator==(const shard_range&) const = default;
};

/// How far superseded rows of earlier generations have been taken out.
struct sweep_progress {
  std::uint64_t ended = 0;     ///< the newest generation whose sweep has ended; 0: none
  std::uint64_t rows_gone = 0; ///< by the sweep that has begun since
  bool operator==(const sweep_progress&) const = default;
};

/// What only the caller knows of a finished session.
struct session_summary {
  std::string state = "completed"; ///< "completed": embedded + failed + skipped must be `total`
  std::uint64_t total = 0;
  std::uint64_t skipped = 0;
  bool operator==(const session_summary&) const = default;
};

/// Batches go in strictly in listing order; each committed shard is durable and its files never change: rows
/// that are superseded leave by a new shard that takes its place. Owned and called by one thread; open, emit
/// and finish block on the disk. Destroying it without finish() keeps the committed shards and forgets the
/// rest: the next opening continues at next_batch(), and what it then writes is, byte for byte, what an
/// undisturbed run would have written.
///
/// After a failure of the disk (disk_full, output_unwritable, output_corrupt) the object only repeats that
/// failure: destroy it and open again once the cause is gone. Other failures leave it as it was.
class output_folder {
public:
  /// Makes or reopens the folder and recovers it after a crash. output_busy while another process (or object)
  /// has it open; output_mismatch when it belongs to another session or is not ours and not empty;
  /// output_corrupt when committed files are missing or have another size; output_unwritable, disk_full.
  [[nodiscard]] static result<output_folder> open(std::filesystem::path out, output_spec spec);

  output_folder(output_folder&&) noexcept;
  output_folder& operator=(output_folder&&) noexcept;
  ~output_folder();

  [[nodiscard]] const std::filesystem::path& path() const noexcept; ///< absolute
  [[nodiscard]] const output_spec& spec() const noexcept;           ///< with the folder's own session_id
  [[nodiscard]] const std::string& session_id() const noexcept { return spec().session_id; }

  /// First batch that no committed shard covers: results of all before it may be forgotten.
  [[nodiscard]] std::uint64_t next_batch() const noexcept;
  /// The batch that emit() takes next; next_batch() right after opening.
  [[nodiscard]] std::uint64_t next_emit() const noexcept;
  [[nodiscard]] output_counts committed() const noexcept; ///< of the batches before next_batch()
  [[nodiscard]] output_counts counts() const noexcept;    ///< of the batches before next_emit()

  /// Takes the result of batch next_emit(). message_invalid, with nothing written, when `done` is not a whole
  /// and well-formed result for `assets` in this folder's space; internal when `batch` is out of order. A
  /// batch given to a finished folder (new files of an incremental run) takes session.json away first.
  [[nodiscard]] result<void> emit(std::uint64_t batch, std::span<const work_asset> assets,
                                  const batch_result& done);

  /// The committed shards, by number.
  [[nodiscard]] std::vector<shard_range> shards() const;
  [[nodiscard]] sweep_progress swept() const noexcept;
  /// Length of failures.jsonl before the results of `batch` and those behind it.
  [[nodiscard]] std::uint64_t failures_bytes_before(std::uint64_t batch) const;
  /// Takes the rows of `gone` out of a shard, for the sweep of `generation`; false where it holds none of
  /// them. Commits what is open before, and takes session.json away where a row goes.
  [[nodiscard]] result<bool> sweep_shard(std::uint64_t generation, std::uint64_t shard,
                                         const asset_keys& gone);
  /// The last step of a sweep: takes the lines of `gone` out of the first `old_bytes` of failures.jsonl.
  [[nodiscard]] result<void> end_sweep(std::uint64_t generation, const asset_keys& gone,
                                       std::uint64_t old_bytes);

  /// Commits what is open and writes session.json. May be repeated, also after a crash in the middle of it.
  /// internal when the counts do not add up.
  [[nodiscard]] result<void> finish(const session_summary& summary);

  /// The summary in session.json when it stands and tells of exactly the committed shards.
  [[nodiscard]] const std::optional<session_summary>& finished() const noexcept;
  [[nodiscard]] bool is_finished() const noexcept { return finished().has_value(); }

private:
  struct contents;
  explicit output_folder(std::unique_ptr<contents> held) noexcept;
  std::unique_ptr<contents> held_;
};

} // namespace trainyard
