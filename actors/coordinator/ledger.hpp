// The truth about which batches are done, and their results until these stand in shards.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "actors/coordinator/ledger_segment.hpp"
#include "messages/failure.hpp"

namespace trainyard {

struct ledger_options {
  std::uint64_t segment_bytes =
      64ULL * 1024 * 1024; ///< a segment that has grown past it is followed by a new one
};

/// Append-only checked records in segment files, of which every owner (epoch) writes its own and changes no
/// other. Where two records tell of the same batch, the first in (epoch, segment, offset) order counts; one
/// that a fault damaged counts as not written, so that its batch is done again and the records behind it
/// stand. Not thread safe; all but the plain getters block on the disk.
class ledger {
public:
  /// The highest epoch that has a segment in `directory`, 0 when none or no directory: a new owner takes one
  /// above it.
  [[nodiscard]] static result<std::uint64_t> last_epoch(const std::filesystem::path& directory);

  /// Reads and checks every segment, ignoring batches below `first_batch` (they stand in shards), and makes
  /// the segment of `epoch`. output_busy where that or a later epoch already has one: we are not the owner.
  [[nodiscard]] static result<ledger> open(const std::filesystem::path& directory, std::uint64_t epoch,
                                           std::uint64_t first_batch, ledger_options options = {});

  /// True for batches recorded or below the floor.
  [[nodiscard]] bool is_done(std::uint64_t batch) const;
  /// Records the result of a batch. Acknowledge only after sync(). Refuses a batch that is done. After a
  /// failure (disk_full, output_unwritable) the batch is not done and the ledger goes on. It syncs when it
  /// begins a new segment, so what sync() takes back may be not done any more after a failure here too.
  [[nodiscard]] result<void> append(std::uint64_t batch, std::span<const std::byte> payload);
  /// What was appended survives a power loss when it returns. When it fails, the batches appended since the
  /// last success are not done any more: a disk that failed once may report success next and still have lost
  /// them. Their results come again, as they were not acknowledged.
  [[nodiscard]] result<void> sync();

  /// The recorded payload. output_corrupt when it no longer matches its checksum: then forget the batch and
  /// do it again.
  [[nodiscard]] result<std::vector<std::byte>> read(std::uint64_t batch) const;
  /// The batch is not done any more, also after a crash once sync() returned. Not below the floor.
  [[nodiscard]] result<void> forget(std::uint64_t batch);

  /// Batches held: recorded, at or above the floor; in rising order.
  [[nodiscard]] std::vector<std::uint64_t> done_batches() const;
  /// Batches below it are done and dropped.
  [[nodiscard]] std::uint64_t floor() const { return floor_; }
  /// Raises the floor and deletes the segments (but our open one) that have nothing at or above it. Call it
  /// once the shards that hold these batches are durable.
  [[nodiscard]] result<void> drop_below(std::uint64_t batch);

private:
  struct place {
    std::uint64_t segment; ///< key of segments_
    std::uint64_t offset;  ///< of the record
  };
  struct segment_file {
    std::filesystem::path file;
    std::uint64_t highest_batch = 0; ///< meaningful when it holds any
    bool empty = true;

    void note(std::uint64_t batch) {
      highest_batch = empty ? batch : std::max(highest_batch, batch);
      empty = false;
    }
  };

  ledger() = default;
  [[nodiscard]] result<void> take_up(const segment_name& name);
  [[nodiscard]] result<void> start_segment();
  [[nodiscard]] result<std::uint64_t> put(record_kind kind, std::uint64_t batch,
                                          std::span<const std::byte> payload);
  void take_back_unsynced();

  std::filesystem::path directory_;
  ledger_options options_;
  std::uint64_t epoch_ = 0;
  std::uint64_t floor_ = 0;
  std::uint64_t next_number_ = 0; ///< of our epoch's segments
  std::uint64_t next_key_ = 0;    ///< of segments_
  std::uint64_t current_key_ = 0;
  std::map<std::uint64_t, segment_file> segments_;
  std::optional<segment_writer> current_; ///< none after a failed sync, until the next append
  std::unordered_map<std::uint64_t, place> places_;
  std::vector<std::uint64_t> unsynced_;
  bool unsynced_tombstones_ = false;
};

} // namespace trainyard
