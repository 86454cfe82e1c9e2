// Pure: what a worker says of a batch that no device makes a result of.
#pragma once

#include <string>

#include "messages/wire.hpp"

namespace trainyard {

/// What a worker's results have in common.
struct result_origin {
  std::string node;
  std::string precision;
  std::string space_id;
  std::uint32_t dim = 0;
  std::string instance; ///< of the process: its words are never taken for those of an earlier one of its name
};

/// Every image of it fails for `reason`; whether that is its outcome, `kind` tells.
[[nodiscard]] batch_result given_up_batch(const work_batch& work, const result_origin& from, result_kind kind,
                                          const std::string& reason);
/// It begins, and may end this worker. `number` is the batch's own in this process.
[[nodiscard]] batch_result begun_batch(const work_batch& work, const result_origin& from,
                                       std::uint64_t number);

} // namespace trainyard
