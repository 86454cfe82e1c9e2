// Where this machine has models, by its settings and environment.
#pragma once

#include "actors/device/model/model_store.hpp"
#include "config/settings.hpp"

namespace trainyard {

/// The store's folders, and Hugging Face's cache behind them.
[[nodiscard]] model_store models_of(const settings& from);

} // namespace trainyard
