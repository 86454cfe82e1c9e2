// A CPU device: several one-thread models that share the weights and a micro-batch's passes.
#pragma once

#include <filesystem>
#include <memory>

#include "actors/device/model/load_model.hpp"

namespace trainyard {

/// One model for the device's thread to own and call. On a CPU it is `options.cpu_threads` lanes of one
/// thread each, which take the passes of a micro-batch in turn: no lane waits for another within a pass, as
/// the threads of one shared pass must, layer by layer. The passes are those of a single model, and so are
/// the vectors, bit by bit. Elsewhere, and for one thread, the same as load_model().
[[nodiscard]] result<std::unique_ptr<embedding_model>>
load_device_model(const std::filesystem::path& folder, const device_spec& device, load_options options);

} // namespace trainyard
