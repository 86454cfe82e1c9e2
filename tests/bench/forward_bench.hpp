// Forward only: prepared images that lie in memory, through the model as a device calls it.
#pragma once

#include "messages/failure.hpp"
#include "tests/bench/bench_plan.hpp"

namespace trainyard::bench {

/// Micro-batches until at_least has gone by, after one unmeasured micro-batch a lane. With several lanes each
/// embeds micro-batches of its own on a thread of its own.
[[nodiscard]] result<bench_figures> measure_forward(const bench_plan& plan);

} // namespace trainyard::bench
