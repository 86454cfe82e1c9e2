// Runs the network and normalises on the host; every tensor of a pass is gone when embed() returns.
#include "actors/device/model/network_model.hpp"

#include <algorithm>
#include <cstring>

#include <ATen/core/Tensor.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/InferenceMode.h>

#include "actors/device/memory/autorelease_pool.hpp"
#include "actors/device/memory/exception_text.hpp"
#include "actors/device/memory/forward_threads.hpp"
#include "actors/device/memory/oom.hpp"
#include "actors/device/memory/torch_device.hpp"
#include "actors/device/model/unit_length.hpp"
#include "actors/device/pass_shapes.hpp"

namespace trainyard {

network_model::network_model(std::shared_ptr<const network> network, model_identity identity, network_use use)
    : network_(std::move(network)), identity_(std::move(identity)), use_(std::move(use)) {}

result<void> network_model::check(std::span<const prepared_image> images) const {
  if (images.empty() || images.size() > use_.max_micro_batch)
    return fail(failure_kind::forward_failed, "a micro-batch of " + std::to_string(images.size()) +
                                                  " images; this model takes 1 to " +
                                                  std::to_string(use_.max_micro_batch));
  const std::size_t expected = std::size_t{3} * identity_.image.crop * identity_.image.crop;
  for (const auto& image : images)
    if (image.pixels.size() != expected)
      return fail(failure_kind::forward_failed, image.path + " has " + std::to_string(image.pixels.size()) +
                                                    " bytes of pixels and must have " +
                                                    std::to_string(expected));
  return {};
}

void network_model::forward(std::span<const prepared_image> images, std::span<float> rows) const {
  const autorelease_pool pool;
  const c10::InferenceMode inference;
  const auto device = to_torch(use_.device);
  const c10::OptionalDeviceGuard current(device.is_cpu() ? std::nullopt : std::optional(device));
  if (device.is_cpu())
    set_forward_threads(use_.cpu_threads);
  while (!images.empty()) {
    const auto now = images.first(std::min(images.size(), use_.images_per_pass));
    const auto pixels = network_->upload(now, bucket_of(now.size(), use_.images_per_pass));
    // The copy to the host waits for the device, so the pass is over when it returns.
    const auto host = network_->features(pixels).to(at::kCPU).contiguous();
    const auto values = now.size() * identity_.dim;
    std::memcpy(rows.data(), host.const_data_ptr<float>(), values * sizeof(float));
    images = images.subspan(now.size());
    rows = rows.subspan(values);
  }
}

result<std::vector<float>> network_model::embed(std::span<const prepared_image> images) {
  if (auto good = check(images); !good)
    return tl::unexpected(good.error());
  std::vector<float> vectors;
  try {
    vectors.resize(images.size() * identity_.dim);
    forward(images, vectors);
  } catch (const std::exception& error) {
    const bool memory = is_out_of_memory(error);
    return fail(memory ? failure_kind::device_out_of_memory : failure_kind::forward_failed,
                use_.device.id + ": " + first_line(error),
                memory ? "use a smaller gpu-batch-size" : "see the log of this worker");
  }
  for (std::size_t i = 0; i < images.size(); ++i)
    if (!scale_to_unit_length(std::span(vectors).subspan(i * identity_.dim, identity_.dim)))
      return fail(failure_kind::vector_invalid, images[i].path + " gave a vector that is zero or not finite");
  return vectors;
}

} // namespace trainyard
