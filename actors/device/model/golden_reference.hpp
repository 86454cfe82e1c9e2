// What devices are held against before they get work: the model folder's golden set, or one computed here.
#pragma once

#include <filesystem>

#include "actors/device/model/golden_set.hpp"

namespace trainyard {

/// golden_images() of the model's crop, embedded on the CPU in fp32 by the plain kernels alone; nothing of
/// the network is left when it returns. Blocks for some tenths of a second; any thread, whose torch threads
/// it sets to
/// 1. model_missing, model_invalid (also for a network that gives such an image no vector), or what the CPU
/// fails with.
[[nodiscard]] result<golden_set> make_golden_set(const std::filesystem::path& folder);

/// Once per process and model folder, for all its devices to share: read_golden_set(), and where the folder
/// has none make_golden_set(), with its costs. Any thread.
[[nodiscard]] result<golden_set> golden_set_of(const std::filesystem::path& folder);

} // namespace trainyard
