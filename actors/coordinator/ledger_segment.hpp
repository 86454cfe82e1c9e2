// One segment file of the ledger: checked records, written by one owner, readable past any damage.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "actors/disk/owned_fd.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// "segment-EEEEEE-NNNNNN.log"; numbers may outgrow six digits.
struct segment_name {
  std::uint64_t epoch = 0;
  std::uint64_t number = 0;
  auto operator<=>(const segment_name&) const = default;
};
[[nodiscard]] std::string to_file_name(const segment_name& name);
[[nodiscard]] std::optional<segment_name> parse_segment_name(std::string_view file_name);

enum class record_kind : std::uint32_t {
  done = 1,      ///< the payload is the batch's result
  forgotten = 2, ///< earlier records of the batch do not count; no payload
};

struct record_header {
  record_kind kind = record_kind::done;
  std::uint64_t batch = 0;
  std::uint32_t payload_bytes = 0;
  std::uint32_t payload_crc = 0;
};

/// Appends records to a new file. A record that could not be written whole leaves no trace.
class segment_writer {
public:
  /// output_busy where the file exists. The file's name is durable when it returns.
  [[nodiscard]] static result<segment_writer> create(const std::filesystem::path& file);
  /// Returns the record's offset.
  [[nodiscard]] result<std::uint64_t> append(record_header header, std::span<const std::byte> payload);
  [[nodiscard]] result<void> sync();
  [[nodiscard]] std::uint64_t bytes() const { return end_; }

private:
  std::filesystem::path file_;
  owned_fd fd_;
  std::uint64_t end_ = 0;
};

/// What a reader sees of another owner's segment survives a power cut when it returns: that owner may have
/// died before its sync.
[[nodiscard]] result<void> sync_segment(const std::filesystem::path& file);

/// Calls `seen` for each whole, undamaged record in file order, passing over damage; a torn tail is no
/// failure. The file is not changed.
[[nodiscard]] result<void>
scan_segment(const std::filesystem::path& file,
             const std::function<void(const record_header&, std::uint64_t offset)>& seen);

/// The payload of the record of `batch` at `offset`; output_corrupt when it is not there undamaged.
[[nodiscard]] result<std::vector<std::byte>> read_record(const std::filesystem::path& file,
                                                         std::uint64_t offset, std::uint64_t batch);

} // namespace trainyard
