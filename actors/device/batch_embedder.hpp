// One batch through one model: micro-batches, clean-up after each, collection by policy, and bad images
// isolated.
#pragma once

#include <functional>
#include <string>

#include "actors/device/memory/collection_policy.hpp"
#include "actors/device/memory/device_memory.hpp"
#include "actors/device/model/embedding_model.hpp"
#include "actors/device/prepared_batch.hpp"

namespace trainyard {

struct embedder_settings {
  std::uint32_t gpu_batch_size = 16; ///< images per forward pass
  collection_settings collection;
};

/// Lives on the device's thread and borrows the model. A micro-batch that runs out of memory is collected for
/// and tried again, then halved down to one image; one that yields bad vectors is halved likewise, so that
/// only the image that cannot be embedded fails.
class batch_embedder {
public:
  using log_line = std::function<void(const std::string&)>;
  batch_embedder(embedding_model& model, device_memory memory, embedder_settings settings, log_line log);

  /// Fills embedded, vectors (fp32 or fp16 as `batch.work->dtype` says), failed, memory and seconds.
  /// device_lost when a whole micro-batch fails for reasons other than memory and a plain grey image, the
  /// witness, fails as well: then the device is at fault, and no image is reported as failed.
  [[nodiscard]] result<batch_result> embed(const prepared_batch& batch);

private:
  using image_span = std::span<const prepared_image>;
  struct pass; // what one batch gathers

  void embed_span(pass& into, std::size_t first, std::size_t count);
  [[nodiscard]] result<std::vector<float>> embed_with_room(pass& into, image_span images);
  void keep(pass& into, std::size_t first, std::size_t count, const std::vector<float>& rows);
  void clean_up(pass& into, std::size_t images);
  [[nodiscard]] result<void> ask_witness();

  embedding_model& model_;
  device_memory memory_;
  embedder_settings settings_;
  collection_policy policy_;
  log_line log_;
};

} // namespace trainyard
