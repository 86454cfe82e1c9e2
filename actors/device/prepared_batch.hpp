// One batch between decoding and the forward pass.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "actors/device/prepared_image.hpp"
#include "messages/wire.hpp"

namespace trainyard {

/// positions[i] is the index of images[i] in work->assets. Every asset is in `positions` or in `failed`; both
/// ascend.
struct prepared_batch {
  std::shared_ptr<const work_batch> work;
  std::vector<prepared_image> images;
  std::vector<std::uint32_t> positions;
  std::vector<failed_asset> failed;
  stage_seconds seconds;    ///< read and decode, summed over threads
  bool unreachable = false; ///< nobody sent its images, or reading was stopped: no word on them
};

} // namespace trainyard
