// Opening a folder that may be new, foreign, in use, or left by a crash.
#pragma once

#include "actors/coordinator/output/folder_layout.hpp"
#include "actors/coordinator/output/shard_log.hpp"
#include "actors/disk/durable_file.hpp"

namespace trainyard {

/// output_mismatch for a directory with content of which .trainyard/spec.json knows nothing; changes nothing.
[[nodiscard]] result<void> refuse_foreign(const folder_layout& at);
/// An exclusive lock that the kernel drops with the returned file, also when the process is killed;
/// output_busy while another holds it.
[[nodiscard]] result<durable_file> lock_folder(const folder_layout& at);
/// Every shard in the log stands with its size, or output_corrupt.
[[nodiscard]] result<void> check_committed(const folder_layout& at, const shard_log& log);
/// Removes what a crash left: temporary files, and shards that the log does not name, or does not name any
/// more. Files with other names than ours stay.
[[nodiscard]] result<void> remove_uncommitted(const folder_layout& at, const shard_log& log);
/// Puts the failures.jsonl in place that the last sweep made, if a crash came before; forgets one that no
/// sweep has ended with.
[[nodiscard]] result<void> place_swept_failures(const folder_layout& at, std::uint64_t swept);
/// Opens failures.jsonl and cuts it to the committed length; output_corrupt when it is shorter.
[[nodiscard]] result<durable_file> recover_failures(const folder_layout& at, std::uint64_t committed_bytes);

} // namespace trainyard
