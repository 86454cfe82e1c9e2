// failures.jsonl as a list of assets: who stands in it, and a copy without some of them.
#pragma once

#include <cstdint>
#include <filesystem>

#include "actors/coordinator/output/asset_key.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// Who stands in the first `bytes` of the file. 16 bytes of memory for each.
[[nodiscard]] result<asset_keys> failed_assets_in(const std::filesystem::path& file, std::uint64_t bytes);

struct failures_copy {
  std::uint64_t bytes = 0;
  std::uint64_t left_out = 0; ///< lines
};

/// Copies the first `bytes` of `from` to `to`, durable but for its name, without the lines of `gone` among
/// the first `old_bytes`. What stands there at `to` is replaced.
[[nodiscard]] result<failures_copy> copy_failures(const std::filesystem::path& from, std::uint64_t bytes,
                                                  const std::filesystem::path& to, std::uint64_t old_bytes,
                                                  const asset_keys& gone);

} // namespace trainyard
