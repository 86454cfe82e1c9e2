// The text half of a model folder's configuration.
#pragma once

#include <filesystem>

#include "actors/device/model/towers/text_plan.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// From the same file as read_model_config(). model_invalid for a model without a text tower, and for one
/// whose configuration asks for what trainyard does not compute.
[[nodiscard]] result<text_plan> read_text_plan(const std::filesystem::path& folder);

} // namespace trainyard
