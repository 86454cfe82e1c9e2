// What embeds: the model's files, the devices, and the sandboxed decoders.
#pragma once

#include "config/settings.hpp"
#include "nodes/doctor/finding.hpp"

namespace trainyard {

/// Reads all of its weights, for their hash, and its golden images' vectors.
void look_at_model(findings& all, const settings& from);
void look_at_devices(findings& all, const settings& from);
/// Starts one decoder, which decodes images of its own, and ends it.
[[nodiscard]] finding on_decoders(const settings& from);

} // namespace trainyard
