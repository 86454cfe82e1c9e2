// Wires the worker's parts and takes them down in the reverse order.
#include "nodes/worker/worker_node.hpp"

#include <thread>

#include "actors/log.hpp"
#include "actors/stopwatch.hpp"

namespace trainyard {

namespace {

/// What a busy machine or share can answer one moment and not the next: no memory, an I/O error.
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

/// Where an image's bytes come from: this machine's disk where it has the root, else a coordinator; and who
/// makes pixels of them: decoders in processes of their own, or this one.
struct image_sources {
  root_map roots;
  std::shared_ptr<remote_images> remote;
  std::shared_ptr<decoder_pool> decoders;
  image_spec image;

  [[nodiscard]] bool asks_for(const work_batch& batch) const {
    return remote && batch.remote && !roots.contains(batch.root);
  }
  [[nodiscard]] result<prepared_image> read(const work_batch& batch, const work_asset& asset,
                                            const std::string& path, stage_seconds& seconds) const {
    if (asks_for(batch))
      return read_remote(batch, asset, path, seconds);
    const auto root = roots.find(batch.root);
    if (root == roots.end())
      return fail(failure_kind::asset_missing, "this worker has no root named '" + batch.root + "'");
    return decoders ? decoders->read(*root->second, path, seconds)
                    : read_image(*root->second, path, image, seconds);
  }
  [[nodiscard]] result<prepared_image> read_remote(const work_batch& batch, const work_asset& asset,
                                                   const std::string& path, stage_seconds& seconds) const {
    const auto file = [&] {
      const stopwatch timed(seconds.read);
      return remote->take(batch, asset);
    }();
    if (!file)
      return tl::unexpected(file.error());
    return decoders ? decoders->prepare(path, *file, seconds.decode)
                    : prepare_image(path, *file, image, seconds.decode);
  }
};

read_asset reader_of(image_sources sources, std::shared_ptr<limit_patience> patience) {
  return [sources = std::move(sources),
          patience = std::move(patience)](const work_batch& batch, const work_asset& asset,
                                          stage_seconds& seconds) -> result<prepared_image> {
    const auto path = path_in_root(batch, asset);
    const auto read_once = [&] {
      return patience->read([&] { return sources.read(batch, asset, path, seconds); });
    };
    auto read = read_once();
    for (const auto pause : {50, 250, 1'000}) {
      if (read || !may_pass(read.error()))
        break;
      std::this_thread::sleep_for(std::chrono::milliseconds(pause));
      read = read_once();
    }
    return as_listed(std::move(read), asset);
  };
}

batch_expected fetch_ahead(const image_sources& sources) {
  if (!sources.remote)
    return {};
  return [sources](const std::shared_ptr<const work_batch>& batch) {
    if (sources.asks_for(*batch))
      sources.remote->expect(batch);
  };
}

std::unique_ptr<reader_pool> make_readers(worker_options& options, std::shared_ptr<decoder_pool> decoders,
                                          std::shared_ptr<limit_patience> patience) {
  const image_sources sources{std::move(options.roots), options.remote, std::move(decoders), options.image};
  return std::make_unique<reader_pool>(options.decode_threads, reader_of(sources, std::move(patience)),
                                       fetch_ahead(sources));
}

} // namespace

result<std::unique_ptr<worker_node>> worker_node::start(caf::actor_system& system, worker_link& link,
                                                        worker_options options, worker_sinks sinks) {
  const auto pool = options.fetcher.pool;
  std::shared_ptr<decoder_pool> decoders;
  if (options.decoders) {
    auto started =
        decoder_pool::start(*options.decoders, options.decode_threads, options.image, sinks.on_failed);
    if (!started)
      return tl::unexpected(started.error());
    decoders = std::move(*started);
  }
  std::unique_ptr<worker_node> node(
      new worker_node(system, link, std::move(options), std::move(sinks), std::move(decoders)));
  auto opened = link.open_work(pool, [fetcher = node->fetcher_](delivery work) {
    tell(fetcher, work_delivered{std::make_shared<const delivery>(std::move(work))});
  });
  if (!opened)
    return tl::unexpected(opened.error());
  return node;
}

worker_node::worker_node(caf::actor_system& system, worker_link& link, worker_options options,
                         worker_sinks sinks, std::shared_ptr<decoder_pool> decoders)
    : system_(system), link_(link), remote_(options.remote), decoders_(std::move(decoders)),
      patience_(std::make_shared<limit_patience>(sinks.on_failed)),
      readers_(make_readers(options, decoders_, patience_)) {
  fetcher_ = spawn_scheduled<fetcher>(system_, std::move(options.fetcher), std::ref(link_),
                                      std::ref(*readers_), std::move(sinks.on_drained));
  on_crash(fetcher_, [failed = sinks.on_failed](const std::string& why) {
    failed({failure_kind::internal, "the fetcher ended: " + why, "run the same command again"});
  });
  const auto on_failed = sinks.on_failed;
  supervisor_ = spawn_scheduled<device_supervisor>(system_, std::move(options.devices), fetcher_,
                                                   std::move(sinks.on_failed));
  on_crash(supervisor_,
           [on_failed](const std::string& why) { // perhaps the system refuses a device its thread
             on_failed({failure_kind::internal, "the devices' supervisor ended: " + why,
                        "raise the limit of threads (ulimit -u), then run the same command again"});
           });
}

/// The fetcher first: by the time that images end as interrupted, it holds none of their batches any more.
void worker_node::drain() {
  tell(fetcher_, drain_work{});
  if (remote_)
    remote_->stop();
}

worker_node::~worker_node() {
  link_.close_work();
  tell(fetcher_, stop{});
  wait_for_end(system_, fetcher_);
  if (remote_)
    remote_->stop();
  if (decoders_)
    decoders_->stop(); // after the fetcher: nobody reports what is interrupted now
  patience_->stop();
  readers_.reset();
  tell(supervisor_, stop_devices{});
  wait_for_end(system_, supervisor_);
}

} // namespace trainyard
