// Finds where the valid part of a manifest ends, and tells a crash's torn tail from damage.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "messages/failure.hpp"

namespace trainyard {

struct manifest_extent {
  std::uint64_t end = 0; ///< of the last valid block, seals included
  std::uint64_t file_bytes = 0;
  std::uint64_t items = 0;
  bool sealed = false;          ///< the last valid block is a seal
  std::uint64_t sealed_end = 0; ///< behind the last seal; 0: there is none
  std::uint64_t sealed_items = 0;
  std::string last_path; ///< of an unsealed first generation
};

/// An unsealed first generation is checked whole; of sealed ones the headers and notes (readers check
/// payloads as they read). output_corrupt where a block is damaged although a later one says that it was
/// durable; behind the last seal only a further seal says so, as an unsealed generation does not count.
[[nodiscard]] result<manifest_extent> scan_manifest(int fd, const std::filesystem::path& file);

/// The failure for damage at `offset`.
[[nodiscard]] tl::unexpected<failure> manifest_damaged(const std::filesystem::path& file,
                                                       std::uint64_t offset);

} // namespace trainyard
