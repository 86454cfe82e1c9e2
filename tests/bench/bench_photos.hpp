// The photos of a directory as the coordinator lists and dispatches them.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "messages/failure.hpp"
#include "messages/wire.hpp"

namespace trainyard::bench {

/// Images per batch: the default of run.batch_size.
inline constexpr std::size_t batch_size = 64;

/// Every image of the directory, in listing order, in batches as a coordinator sends them; input_empty when
/// there is none.
[[nodiscard]] result<std::vector<std::shared_ptr<const work_batch>>>
list_batches(const std::filesystem::path& directory);

} // namespace trainyard::bench
