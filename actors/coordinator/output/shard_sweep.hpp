// A shard written anew without some of its rows, under the next free number; the old one is only read.
#pragma once

#include <optional>

#include "actors/coordinator/output/asset_key.hpp"
#include "actors/coordinator/output/folder_layout.hpp"
#include "actors/coordinator/output/output_spec.hpp"
#include "actors/coordinator/output/shard_log.hpp"

namespace trainyard {

/// What the log is to be told, `replaces` and what the new shard is; without a shard where no row is left;
/// nothing where the old one holds none of `gone`. Both files of the new shard then stand durably, unnamed by
/// the log: a crash makes them strays, which the next opening removes. output_corrupt where the old one does
/// not match its record.
[[nodiscard]] result<std::optional<sweep_record>> shard_without(const folder_layout& at,
                                                                const output_spec& spec,
                                                                const commit_record& old,
                                                                const asset_keys& gone, std::uint64_t number);

} // namespace trainyard
