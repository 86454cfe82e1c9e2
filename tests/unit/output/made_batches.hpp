// A made session: batches of assets and their results, the same at every call, and a writer that emits them
// all.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "actors/coordinator/output/output_folder.hpp"

namespace trainyard::testing {

struct made_batch {
  std::vector<work_asset> assets;
  batch_result done;
};

[[nodiscard]] output_spec made_spec(std::uint64_t shard_rows = 5);

/// Batch `number` of 4 assets, some of them with names that are not UTF-8. `fails` says which positions
/// failed.
[[nodiscard]] made_batch make_batch(const output_spec& spec, std::uint64_t number,
                                    const std::vector<std::uint32_t>& fails = {});

/// Nine batches: some whole, some with failures, three in a row (and the last) with failures only.
[[nodiscard]] std::vector<made_batch> made_session(const output_spec& spec);
[[nodiscard]] session_summary summary_of(const std::vector<made_batch>& session);

/// Opens, emits from next_batch() to the end, finishes. The first failure, if any.
[[nodiscard]] result<void> write_session(const std::filesystem::path& out, const output_spec& spec,
                                         const std::vector<made_batch>& session);

/// Relative path to content of every file but the lock.
[[nodiscard]] std::map<std::string, std::string> contents_of(const std::filesystem::path& root);

} // namespace trainyard::testing
