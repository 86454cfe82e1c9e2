// Wires the worker's parts and takes them down in the reverse order.
#include "nodes/worker/worker_node.hpp"

#include <thread>

#include "actors/log.hpp"

namespace trainyard {

namespace {

/// What a busy machine or share can answer one moment and not the next: no descriptors, no memory, an I/O
/// error.
bool may_pass(const failure& why) {
  return why.kind == failure_kind::asset_io || why.kind == failure_kind::image_out_of_memory;
}

/// A result must belong to the file that was listed, or its row would tell of another one.
result<prepared_image> as_listed(result<prepared_image> image, const work_asset& asset) {
  if (image && (image->bytes != asset.bytes || image->mtime_ns != asset.mtime_ns))
    return fail(failure_kind::asset_changed,
                "the file is not the one that was listed: " + std::to_string(image->bytes) + " bytes, then " +
                    std::to_string(asset.bytes) + ", or another time");
  return image;
}

read_asset reader_of(root_map roots, image_spec image) {
  return [roots = std::move(roots), image](const work_batch& batch, const work_asset& asset,
                                           stage_seconds& seconds) -> result<prepared_image> {
    const auto root = roots.find(batch.root);
    if (root == roots.end())
      return fail(failure_kind::asset_missing, "this worker has no root named '" + batch.root + "'");
    const auto path = batch.directory.empty() ? asset.path : batch.directory + "/" + asset.path;
    auto read = read_image(*root->second, path, image, seconds);
    for (const auto pause : {50, 250, 1'000}) {
      if (read || !may_pass(read.error()))
        break;
      std::this_thread::sleep_for(std::chrono::milliseconds(pause));
      read = read_image(*root->second, path, image, seconds);
    }
    return as_listed(std::move(read), asset);
  };
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
  on_crash(fetcher_, [failed = sinks.on_failed](const std::string& why) {
    failed({failure_kind::internal, "the fetcher ended: " + why, "run the same command again"});
  });
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
