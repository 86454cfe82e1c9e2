// Decode only: open, read, hash, decode, resize, with the worker's reader pool.
#pragma once

#include "actors/device/prepared_image.hpp"
#include "messages/failure.hpp"
#include "tests/bench/bench_plan.hpp"

namespace trainyard::bench {

/// Whole passes over the directory until at_least has gone by, after an unmeasured batch.
[[nodiscard]] result<bench_figures> measure_decode(const bench_plan& plan, const image_spec& image);

/// The first `most` images that decode, each once.
[[nodiscard]] result<std::vector<prepared_image>> decode_some(const bench_plan& plan, const image_spec& image,
                                                              std::size_t most);

} // namespace trainyard::bench
