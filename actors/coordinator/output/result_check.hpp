// Whether a batch's result may become rows: a worker is another program, perhaps of another version.
#pragma once

#include <span>

#include "actors/coordinator/output/output_spec.hpp"
#include "messages/failure.hpp"
#include "messages/wire.hpp"

namespace trainyard {

/// message_invalid, with the value that is wrong, unless `done` has this space, dim and dtype, every asset
/// stands exactly once in embedded or failed, there is one finite vector per embedded asset, and every number
/// fits its column.
[[nodiscard]] result<void> check_result(const output_spec& spec, std::span<const work_asset> assets,
                                        const batch_result& done);

} // namespace trainyard
