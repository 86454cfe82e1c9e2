// One device: a thread of its own, one model, that device's memory. Detached actor.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "actors/caf_messages.hpp"
#include "actors/device/admission.hpp"
#include "actors/device/batch_embedder.hpp"
#include "actors/device/memory/ceiling_store.hpp"

namespace trainyard {

/// Loads the model on the device's own thread; blocks.
using model_source = std::function<result<std::unique_ptr<embedding_model>>()>;

struct device_config {
  std::uint32_t number = 0; ///< of the device within the worker
  std::string node;
  device_spec device;
  double memory_fraction = 1.0; ///< of the device's memory that is ours
  embedder_settings embedder;
  model_source load;
  std::shared_ptr<const golden_set> golden; ///< what it must embed before it has work; null: nothing
  std::shared_ptr<ceiling_store> ceilings;  ///< where room for images is remembered; null: nowhere
  std::shared_ptr<query_queue> queries; ///< single images, shared with the worker's other devices; null: none
  /// Set by the supervisor when the worker stops: batches that wait in the mailbox are not begun
  /// any more, and the one in hand is left at its next micro-batch.
  std::shared_ptr<std::atomic<bool>> stopping = std::make_shared<std::atomic<bool>>(false);
};

/// Tells its supervisor device_loaded, batch_embedded, or device_unusable; a lost device says why and ends,
/// which the supervisor sees as actor_down after the model's memory is gone.
class device_actor {
public:
  static constexpr const char* name = "trainyard.device";
  device_actor(caf::event_based_actor& self, device_config config, actor supervisor);
  ~device_actor();
  caf::message_handler handlers();

private:
  [[nodiscard]] result<void> load();
  [[nodiscard]] result<void> be_admitted(device_memory& memory);
  [[nodiscard]] std::optional<std::size_t> recall_ceiling();
  void remember_ceiling();
  [[nodiscard]] ceiling_key key() const;
  void embed(const embed_batch& order);
  void answer_queries();
  void fault(failure why);
  void log_line(const std::string& text) const;

  caf::event_based_actor& self_;
  device_config config_;
  actor supervisor_;
  std::unique_ptr<embedding_model> model_;
  std::optional<batch_embedder> embedder_;
  std::optional<std::size_t> remembered_; ///< what ceilings holds of this device
  std::uint64_t limit_bytes_ = 0;         ///< of the device, when it started
};

} // namespace trainyard
