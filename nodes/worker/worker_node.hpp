// One worker: a link to the queue, threads that read images, a fetcher, and the devices under their
// supervisor.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "actors/caf.hpp"
#include "actors/device/device_supervisor.hpp"
#include "actors/device/fetcher.hpp"
#include "nodes/worker/embed_service.hpp"
#include "nodes/worker/image_sources.hpp"

namespace trainyard {

struct worker_options {
  fetcher_config fetcher;
  std::vector<device_config> devices;
  std::size_t decode_threads = 2;
  std::optional<decoder_settings> decoders; ///< nothing: decode in this process
  root_map roots;
  std::shared_ptr<remote_images> remote; ///< for batches whose root is none of those; null: they fail
  image_spec image;
  std::shared_ptr<query_queue> queries; ///< of the devices; null: no single images are embedded
};

struct worker_sinks {
  std::function<void()> on_drained;       ///< nothing is in hand any more, after drain()
  std::function<void(failure)> on_failed; ///< no device is left, or no decoder starts
};

/// Made and destroyed by the node's main thread. `link` and `system` outlive it; the destructor stops the
/// devices and waits until every model is gone.
class worker_node {
public:
  [[nodiscard]] static result<std::unique_ptr<worker_node>>
  start(caf::actor_system& system, worker_link& link, worker_options options, worker_sinks sinks);
  ~worker_node();
  worker_node(const worker_node&) = delete;
  worker_node& operator=(const worker_node&) = delete;

  /// One image before all batches, on whichever device comes to it first. Thread safe; blocks for a while.
  [[nodiscard]] result<embedded_image> embed_image(std::span<const std::byte> file);

  /// Whoever waits in embed_image(), or comes later, is told that this worker stops.
  void stop_queries();
  /// Takes nothing new and hands back what no device has begun.
  void drain();

private:
  worker_node(caf::actor_system& system, worker_link& link, worker_options options, worker_sinks sinks,
              std::shared_ptr<decoder_pool> decoders);

  caf::actor_system& system_;
  worker_link& link_;
  std::shared_ptr<remote_images> remote_;
  std::shared_ptr<decoder_pool> decoders_; ///< null: decode in this process
  std::shared_ptr<limit_patience> patience_;
  std::shared_ptr<query_queue> queries_;
  image_spec image_;
  std::unique_ptr<reader_pool> readers_;
  actor fetcher_;
  actor supervisor_;
};

} // namespace trainyard
