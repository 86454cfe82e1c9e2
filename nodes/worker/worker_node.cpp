// Wires the worker's parts and takes them down in the reverse order.
#include "nodes/worker/worker_node.hpp"

#include "actors/device/image/image_reader.hpp"

namespace trainyard {

namespace {

std::unique_ptr<reader_pool> make_readers(worker_options& options, std::shared_ptr<decoder_pool> decoders,
                                          std::shared_ptr<limit_patience> patience) {
  const image_sources sources{std::move(options.roots), options.remote, std::move(decoders),
                              std::move(patience), options.image};
  return std::make_unique<reader_pool>(options.decode_threads, reader_of(sources), fetch_ahead(sources));
}

/// Longer than a device needs for a micro-batch of the slowest model, shorter than whoever asks waits.
constexpr std::chrono::seconds query_patience{15};

image_file as_file(std::span<const std::byte> bytes) {
  image_file file;
  const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes.data());
  file.bytes.assign(begin, begin + bytes.size());
  file.facts.bytes = bytes.size();
  return file;
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
      patience_(std::make_shared<limit_patience>(sinks.on_failed)), queries_(options.queries),
      image_(options.image), readers_(make_readers(options, decoders_, patience_)) {
  fetcher_ = spawn_scheduled<fetcher>(system_, std::move(options.fetcher), std::ref(link_),
                                      std::ref(*readers_), std::move(sinks.on_drained));
  on_crash(fetcher_, [failed = sinks.on_failed](const std::string& why) {
    failed({failure_kind::internal, "the fetcher ended: " + why, "run the same command again"});
  });
  supervisor_ =
      spawn_scheduled<device_supervisor>(system_, std::move(options.devices), fetcher_, sinks.on_failed);
  on_crash(supervisor_,
           [failed = sinks.on_failed](const std::string& why) { // a device was refused its thread?
             failed({failure_kind::internal, "the devices' supervisor ended: " + why,
                     "raise the limit of threads (ulimit -u), then run the same command again"});
           });
  if (queries_)
    queries_->set_wake([devices = supervisor_] { tell(devices, queries_wait{}); });
}

result<embedded_image> worker_node::embed_image(std::span<const std::byte> bytes) {
  if (auto good = check_file_size(bytes.size()); !good)
    return tl::unexpected(good.error());
  double seconds = 0;
  const auto file = as_file(bytes);
  auto image =
      decoders_ ? decoders_->prepare("image", file, seconds) : prepare_image("image", file, image_, seconds);
  if (!image)
    return tl::unexpected(image.error());
  const auto width = image->width;
  const auto height = image->height;
  auto row = queries_->ask(std::move(*image), query_patience);
  if (!row)
    return tl::unexpected(row.error());
  return embedded_image{std::move(*row), width, height};
}

/// The fetcher first: by the time that images end as interrupted, it holds none of their batches any more.
void worker_node::drain() {
  tell(fetcher_, drain_work{});
  if (remote_)
    remote_->stop();
}

void worker_node::stop_queries() {
  if (queries_)
    queries_->close();
}

worker_node::~worker_node() {
  stop_queries();
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
