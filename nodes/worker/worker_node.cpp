// Wires the worker's parts and takes them down in the reverse order.
#include "nodes/worker/worker_node.hpp"

#include "actors/log.hpp"

namespace trainyard {

namespace {

read_asset reader_of(root_map roots, image_spec image) {
  return [roots = std::move(roots), image](const work_batch& batch, const work_asset& asset,
                                           stage_seconds& seconds) -> result<prepared_image> {
    const auto root = roots.find(batch.root);
    if (root == roots.end())
      return fail(failure_kind::asset_missing, "this worker has no root named '" + batch.root + "'");
    return read_image(*root->second, asset.path, image, seconds);
  };
}

/// Blocks until `who` has ended.
void wait_for_end(caf::actor_system& system, const actor& who) {
  caf::scoped_actor waiting(system);
  waiting->wait_for(who);
}

} // namespace

result<std::unique_ptr<worker_node>> worker_node::start(caf::actor_system& system, worker_link& link,
                                                        worker_options options, worker_sinks sinks) {
  const auto pool = options.fetcher.pool;
  std::unique_ptr<worker_node> node(new worker_node(system, link, std::move(options), std::move(sinks)));
  auto opened = link.open_work(pool, [fetcher = node->fetcher_](delivery work) {
    tell(fetcher, work_delivered{std::make_shared<const delivery>(std::move(work))});
  });
  if (!opened)
    return tl::unexpected(opened.error());
  return node;
}

worker_node::worker_node(caf::actor_system& system, worker_link& link, worker_options options,
                         worker_sinks sinks)
    : system_(system), link_(link),
      readers_(std::make_unique<reader_pool>(options.decode_threads,
                                             reader_of(std::move(options.roots), options.image))) {
  fetcher_ = spawn_scheduled<fetcher>(system_, std::move(options.fetcher), std::ref(link_),
                                      std::ref(*readers_), std::move(sinks.on_drained));
  supervisor_ = spawn_scheduled<device_supervisor>(system_, std::move(options.devices), fetcher_,
                                                   std::move(sinks.on_failed));
}

worker_node::~worker_node() {
  link_.close_work();
  tell(fetcher_, stop{});
  wait_for_end(system_, fetcher_);
  readers_.reset();
  tell(supervisor_, stop_devices{});
  wait_for_end(system_, supervisor_);
}

} // namespace trainyard
