// The listing on disk, generation after generation: append-only checked blocks, so that a crash costs the
// last block and RAM a few bytes each.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "actors/coordinator/listed_asset.hpp"
#include "actors/disk/owned_fd.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// The first generation is the directory as it was first listed; each later one lists what has to be embedded
/// since. Items are numbered through.
struct sealed_generation {
  std::uint64_t end_item = 0; ///< where the next one begins
  std::string note;           ///< what its writer sealed it with
};

/// The one writer of a manifest file. Not thread safe; append, flush, sync and seal block on the disk.
class manifest_writer {
public:
  /// Makes the file (0600) or takes it up again: what a crash left torn at the end is cut off, and so is a
  /// whole unsealed generation, unless it is the first. output_corrupt with file and offset where a block is
  /// damaged that is known to have been durable.
  [[nodiscard]] static result<manifest_writer> open(const std::filesystem::path& file);

  /// Buffers one item; a full block is written by the append after it. On failure the item was not
  /// taken. A sealed manifest refuses.
  [[nodiscard]] result<void> append(listed_asset item);
  /// Writes what is buffered, so that readers see it. A short block costs every reader 16 bytes of memory.
  [[nodiscard]] result<void> flush();
  /// flush, and what is written survives a power loss when it returns. append does it by itself each 16,384
  /// items. Once it fails every later sync fails too: open the manifest anew and list again after
  /// last_path().
  [[nodiscard]] result<void> sync();
  /// Marks the newest generation as complete; durable when it returns. Again on a sealed manifest: nothing
  /// happens. `note` has at most longest_note_bytes.
  [[nodiscard]] result<void> seal(std::string_view note = {});
  /// What is appended from now on is of a further generation. Nothing of it counts before it is sealed.
  /// REQUIRES: sealed().
  void begin_generation();

  /// Items appended, buffered ones included.
  [[nodiscard]] std::uint64_t size() const { return written_ + buffered_; }
  /// Items that survive a power loss. Dispatch no batch beyond it: the directory may have changed when the
  /// lost items are listed again, and a result in the ledger would then belong to other files.
  [[nodiscard]] std::uint64_t durable_size() const { return durable_; }
  [[nodiscard]] bool sealed() const { return sealed_; }
  /// The path to resume the walk after; empty when there is no item.
  [[nodiscard]] const std::string& last_path() const { return last_path_; }

private:
  manifest_writer() = default;
  [[nodiscard]] result<void> recover();
  [[nodiscard]] result<void> cut_at(std::uint64_t offset);
  [[nodiscard]] result<void> sync_file();

  std::filesystem::path file_;
  owned_fd fd_;
  std::uint64_t end_ = 0; ///< of the last whole block
  std::uint64_t written_ = 0;
  std::uint64_t durable_ = 0;
  std::uint32_t buffered_ = 0;
  std::uint32_t blocks_since_sync_ = 0;
  int sync_error_ = 0; ///< errno of the sync that failed
  std::string block_;  ///< payload of the buffered items
  std::string last_path_;
  bool sealed_ = false;
};

/// Reads a manifest, also while its writer appends (open the writer first: it repairs). Any number of
/// readers; each is used by one thread at a time. Memory: 16 bytes a block, and the last few blocks read
/// (readers of several generations at once go back and forth).
class manifest_reader {
public:
  [[nodiscard]] static result<manifest_reader> open(const std::filesystem::path& file);

  /// Sees the blocks written since, by their headers only. output_corrupt where a header is damaged.
  [[nodiscard]] result<void> refresh();
  [[nodiscard]] std::uint64_t size() const { return items_; }
  [[nodiscard]] bool sealed() const { return sealed_; }
  [[nodiscard]] const std::vector<sealed_generation>& generations() const { return generations_; }
  /// Items [first, first + count), fewer where the visible ones end before. output_corrupt with file and
  /// offset where a block does not match its checksum.
  [[nodiscard]] result<std::vector<listed_asset>> read(std::uint64_t first, std::uint64_t count);

private:
  struct block_place {
    std::uint64_t first_item;
    std::uint64_t offset;
  };

  struct cached_block {
    std::size_t block;
    std::vector<listed_asset> items;
  };

  manifest_reader() = default;
  [[nodiscard]] result<bool> pass_block(std::uint64_t length);
  /// The items of the block, valid until the next call.
  [[nodiscard]] result<const std::vector<listed_asset>*> load(std::size_t block);
  [[nodiscard]] result<std::vector<listed_asset>> decoded(std::size_t block);

  std::filesystem::path file_;
  owned_fd fd_;
  std::vector<block_place> blocks_;
  std::uint64_t end_ = 0;
  std::uint64_t items_ = 0;
  bool sealed_ = false;
  std::vector<sealed_generation> generations_;
  std::vector<cached_block> cached_; ///< last used first
};

} // namespace trainyard
