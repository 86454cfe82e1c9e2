// session.json: what a finished session made; the same session gives the same bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "actors/coordinator/output/output_folder.hpp"
#include "actors/coordinator/output/shard_log.hpp"

namespace trainyard {

/// No times and no host names, so that a resumed session ends in the bytes of an undisturbed one.
[[nodiscard]] std::string session_text(const output_spec& spec, const shard_log& log,
                                       const session_summary& summary);

/// The summary in `text`, unless that is anything else than session_text would write for it.
[[nodiscard]] std::optional<session_summary> summary_in(std::string_view text, const output_spec& spec,
                                                        const shard_log& log);

/// internal when the counts do not add up to the total.
[[nodiscard]] result<void> check_summary(const session_summary& summary, const output_counts& counts);

} // namespace trainyard
