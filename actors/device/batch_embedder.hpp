// One batch through one model: micro-batches as large as memory allows, clean-up after each, and bad images
// isolated.
#pragma once

#include <atomic>

#include "actors/device/memory/batch_ceiling.hpp"
#include "actors/device/memory/memory_upkeep.hpp"
#include "actors/device/model/embedding_model.hpp"
#include "actors/device/prepared_batch.hpp"
#include "actors/device/query_queue.hpp"

namespace trainyard {

struct embedder_settings {
  std::uint32_t gpu_batch_size = 16; ///< images per forward pass, where memory allows
  collection_settings collection;
  /// Collect, retry and make smaller passes when memory runs out. Without it the first shortage ends the
  /// device, as it did in the service before this one; only for measuring what that costs.
  bool recovers = true;
};

/// Lives on the device's thread and borrows the model. Out of memory is a state machine: collect -> same
/// again
/// -> next smaller shape -> ... -> one image -> that image fails -> the device fails. A micro-batch that
/// yields bad vectors is halved, so that only the image that cannot be embedded fails.
class batch_embedder {
public:
  /// `queries`, where given, are answered between micro-batches.
  batch_embedder(embedding_model& model, memory_upkeep upkeep, embedder_settings settings,
                 std::optional<std::size_t> learned_ceiling = {}, std::shared_ptr<query_queue> queries = {});

  /// Fills embedded, vectors (fp32 or fp16 as `batch.work->dtype` says), failed, memory and seconds.
  /// When one image alone fails, a plain grey image is embedded, the witness. If that fails as well the
  /// device is at fault: device_lost or device_out_of_memory, and no image is reported as failed.
  /// Once `stopping` is set it ends before the next micro-batch, as interrupted.
  [[nodiscard]] result<batch_result> embed(const prepared_batch& batch,
                                           const std::atomic<bool>* stopping = nullptr);

  /// One pass over what waits among the queries, at most queries_per_pass of them, each answered: so many
  /// images are all that a batch in hand waits for. True where something waited. Fails only where the device
  /// is at fault.
  [[nodiscard]] result<bool> answer_queries();

  /// What to remember for this device's next start; nothing while gpu_batch_size fits.
  [[nodiscard]] std::optional<std::size_t> learned_ceiling() const noexcept { return ceiling_.learned(); }

  static constexpr std::size_t queries_per_pass = 8;

private:
  using image_span = std::span<const prepared_image>;
  struct pass; // what one batch gathers

  void make_room();
  [[nodiscard]] result<void> embed_span(pass& into, std::size_t first, std::size_t count);
  [[nodiscard]] result<void> embed_smaller(pass& into, std::size_t first, std::size_t count,
                                           std::size_t size);
  [[nodiscard]] result<std::vector<float>> embed_with_room(image_span images);
  [[nodiscard]] result<void> embed_or_fail(pass& into, std::size_t index, failure why);
  void keep(pass& into, std::size_t first, std::size_t count, const std::vector<float>& rows);
  [[nodiscard]] result<void> ask_witness();
  [[nodiscard]] result<void> answer_one(image_query& query, failure why);

  embedding_model& model_;
  memory_upkeep upkeep_;
  embedder_settings settings_;
  batch_ceiling ceiling_;
  std::shared_ptr<query_queue> queries_; ///< null: there are none
};

} // namespace trainyard
