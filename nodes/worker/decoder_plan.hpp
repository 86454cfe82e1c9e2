// Settings to where and how images are decoded.
#pragma once

#include <optional>

#include "actors/device/isolation/decoder_settings.hpp"
#include "config/settings.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// Nothing where isolation is switched off. decoder_unavailable where the program is at none of its places.
[[nodiscard]] result<std::optional<decoder_settings>> plan_decoders(const settings& from);

} // namespace trainyard
