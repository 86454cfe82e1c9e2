// The loop that the project exists for: forward, results to the host, tensors gone, policy decides on a
// collection.
#include "actors/device/batch_embedder.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "actors/device/half_float.hpp"
#include "actors/device/memory/autorelease_pool.hpp"

namespace trainyard {

namespace {

void append_row(std::vector<std::byte>& bytes, std::span<const float> row, bool half) {
  const auto begin = bytes.size();
  if (!half) {
    bytes.resize(begin + row.size_bytes());
    std::memcpy(bytes.data() + begin, row.data(), row.size_bytes());
    return;
  }
  bytes.resize(begin + row.size() * sizeof(std::uint16_t));
  for (std::size_t i = 0; i < row.size(); ++i) {
    const auto value = to_half(row[i]);
    std::memcpy(bytes.data() + begin + i * sizeof value, &value, sizeof value);
  }
}

std::uint64_t held_bytes(const memory_reading& reading) {
  return std::max(reading.in_use_bytes, reading.reserved_bytes);
}

} // namespace

struct batch_embedder::pass {
  const prepared_batch& batch;
  batch_result done;
  std::size_t lost = 0; ///< images of this micro-batch that failed for other reasons than memory
};

batch_embedder::batch_embedder(embedding_model& model, device_memory memory, embedder_settings settings,
                               log_line log)
    : model_(model), memory_(std::move(memory)), settings_(settings), policy_(settings.collection),
      log_(std::move(log)) {}

result<batch_result> batch_embedder::embed(const prepared_batch& batch) {
  const autorelease_pool pool;
  pass into{batch, {}, 0};
  into.done.failed = batch.failed;
  into.done.seconds = batch.seconds;
  memory_.reset_peak();
  const auto before = memory_.read();
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t first = 0; first < batch.images.size(); first += settings_.gpu_batch_size) {
    const auto count = std::min<std::size_t>(settings_.gpu_batch_size, batch.images.size() - first);
    into.lost = 0;
    embed_span(into, first, count);
    if (into.lost == count)
      if (auto healthy = ask_witness(); !healthy)
        return tl::unexpected(healthy.error());
    clean_up(into, count);
  }
  into.done.seconds.forward = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::ranges::sort(into.done.failed, {}, &failed_asset::position);
  const auto after = memory_.read();
  into.done.memory.limit_bytes = after.limit_bytes;
  into.done.memory.before_bytes = held_bytes(before);
  into.done.memory.after_bytes = held_bytes(after);
  into.done.memory.peak_bytes = std::max(after.peak_bytes, held_bytes(after));
  return std::move(into.done);
}

void batch_embedder::embed_span(pass& into, std::size_t first, std::size_t count) {
  const auto images = std::span(into.batch.images).subspan(first, count);
  const auto rows = embed_with_room(into, images);
  if (rows)
    return keep(into, first, count, *rows);
  if (count > 1) {
    into.done.memory.oom_splits += rows.error().kind == failure_kind::device_out_of_memory;
    embed_span(into, first, count / 2);
    return embed_span(into, first + count / 2, count - count / 2);
  }
  const auto kind = rows.error().kind == failure_kind::device_out_of_memory
                        ? failure_kind::image_out_of_memory
                        : rows.error().kind;
  into.lost += kind != failure_kind::image_out_of_memory;
  into.done.failed.push_back(
      {into.batch.positions[first], static_cast<std::uint32_t>(kind), rows.error().cause});
}

result<std::vector<float>> batch_embedder::embed_with_room(pass& into, image_span images) {
  auto rows = model_.embed(images);
  if (rows || rows.error().kind != failure_kind::device_out_of_memory)
    return rows;
  ++into.done.memory.oom_retries;
  ++into.done.memory.collections;
  log_("Out of memory on " + memory_.device().id + " with " + std::to_string(images.size()) +
       " images: collecting and trying again");
  if (auto collected = memory_.collect(); !collected)
    return tl::unexpected(collected.error());
  return model_.embed(images);
}

result<void> batch_embedder::ask_witness() {
  prepared_image grey;
  const std::size_t side = model_.identity().image.crop;
  grey.pixels.assign(side * side * 3, 127);
  if (auto row = model_.embed({&grey, 1}); !row)
    return fail(failure_kind::device_lost,
                "a whole micro-batch and then a plain grey image failed on " + memory_.device().id + ": " +
                    row.error().cause,
                "see the log of the device's driver");
  return {};
}

void batch_embedder::keep(pass& into, std::size_t first, std::size_t count, const std::vector<float>& rows) {
  const auto dim = model_.identity().dim;
  const bool half = into.batch.work->dtype == "fp16";
  for (std::size_t i = 0; i < count; ++i) {
    const auto& image = into.batch.images[first + i];
    into.done.embedded.push_back({into.batch.positions[first + i],
                                  image.width,
                                  image.height,
                                  image.bytes,
                                  {std::vector<std::byte>(image.sha256.begin(), image.sha256.end())}});
    append_row(into.done.vectors.bytes, std::span(rows).subspan(i * dim, dim), half);
  }
}

void batch_embedder::clean_up(pass& into, std::size_t images) {
  const auto why = policy_.after_micro_batch(images, memory_.read());
  if (why == collection::none)
    return;
  ++into.done.memory.collections;
  const auto before = held_bytes(memory_.read());
  if (auto collected = memory_.collect(); !collected)
    log_("Collection failed on " + memory_.device().id + ": " + collected.error().cause);
  const auto after = held_bytes(memory_.read());
  const auto freed_mb = before > after ? (before - after) >> 20U : 0U;
  const auto tail = " (" + memory_.device().id + ", " + std::to_string(freed_mb) + " MiB freed, " +
                    std::to_string(after >> 20U) + " MiB held)";
  log_(why == collection::interval
           ? "Periodic garbage collection after " + std::to_string(policy_.settings().interval_images) +
                 " images processed" + tail
           : "Early garbage collection at the soft memory mark" + tail);
}

} // namespace trainyard
