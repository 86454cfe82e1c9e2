// The listing on disk: append-only checked blocks, so that a crash costs the last block and RAM a few bytes
// each.
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

/// The one writer of a manifest file. Not thread safe; append, flush, sync and seal block on the disk.
class manifest_writer {
public:
  /// Makes the file (0600) or takes it up again: what a crash left torn at the end is cut off. output_corrupt
  /// with file and offset where a block is damaged that is known to have been durable.
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
  /// Marks the listing as complete; durable when it returns. Again on a sealed manifest: nothing happens.
  [[nodiscard]] result<void> seal();

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
/// readers; each is used by one thread at a time. Memory: 16 bytes a block, and the last block read.
class manifest_reader {
public:
  [[nodiscard]] static result<manifest_reader> open(const std::filesystem::path& file);

  /// Sees the blocks written since, by their headers only. output_corrupt where a header is damaged.
  [[nodiscard]] result<void> refresh();
  [[nodiscard]] std::uint64_t size() const { return items_; }
  [[nodiscard]] bool sealed() const { return sealed_; }
  /// Items [first, first + count), fewer where the visible ones end before. output_corrupt with file and
  /// offset where a block does not match its checksum.
  [[nodiscard]] result<std::vector<listed_asset>> read(std::uint64_t first, std::uint64_t count);

private:
  struct block_place {
    std::uint64_t first_item;
    std::uint64_t offset;
  };

  manifest_reader() = default;
  [[nodiscard]] result<void> load(std::size_t block);

  std::filesystem::path file_;
  owned_fd fd_;
  std::vector<block_place> blocks_;
  std::uint64_t end_ = 0;
  std::uint64_t items_ = 0;
  bool sealed_ = false;
  std::size_t loaded_ = static_cast<std::size_t>(-1); ///< index of the block in cached_
  std::vector<listed_asset> cached_;
};

} // namespace trainyard
