// An output folder that does not hold what its own records tell of.
#pragma once

#include <string>
#include <utility>

#include "messages/failure.hpp"

namespace trainyard {

/// For `return corrupt_output(cause);` out of a function that returns result<T>.
[[nodiscard]] inline tl::unexpected<failure> corrupt_output(std::string cause) {
  return fail(failure_kind::output_corrupt, std::move(cause),
              "restore the folder from a copy, or give another --out");
}

} // namespace trainyard
