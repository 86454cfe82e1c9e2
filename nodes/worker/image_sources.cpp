// What is tried again, and whether the file is the one that was listed.
#include "nodes/worker/image_sources.hpp"

#include <chrono>
#include <thread>

#include "actors/device/image/image_reader.hpp"
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

result<prepared_image> read_remote(const image_sources& from, const work_batch& batch,
                                   const work_asset& asset, const std::string& path, stage_seconds& seconds) {
  const auto file = [&] {
    const stopwatch timed(seconds.read);
    return from.remote->take(batch, asset);
  }();
  if (!file)
    return tl::unexpected(file.error());
  return from.decoders ? from.decoders->prepare(path, *file, seconds.decode)
                       : prepare_image(path, *file, from.image, seconds.decode);
}

result<prepared_image> read_once(const image_sources& from, const work_batch& batch, const work_asset& asset,
                                 const std::string& path, stage_seconds& seconds) {
  if (from.asks_for(batch))
    return read_remote(from, batch, asset, path, seconds);
  const auto root = from.roots.find(batch.root);
  if (root == from.roots.end())
    return fail(failure_kind::asset_missing, "this worker has no root named '" + batch.root + "'");
  return from.decoders ? from.decoders->read(*root->second, path, seconds)
                       : read_image(*root->second, path, from.image, seconds);
}

} // namespace

read_asset reader_of(image_sources sources) {
  return [sources = std::move(sources)](const work_batch& batch, const work_asset& asset,
                                        stage_seconds& seconds) -> result<prepared_image> {
    const auto path = path_in_root(batch, asset);
    const auto read_patiently = [&] {
      return sources.patience->read([&] { return read_once(sources, batch, asset, path, seconds); });
    };
    auto read = read_patiently();
    for (const auto pause : {50, 250, 1'000}) {
      if (read || !may_pass(read.error()))
        break;
      std::this_thread::sleep_for(std::chrono::milliseconds(pause));
      read = read_patiently();
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

} // namespace trainyard
