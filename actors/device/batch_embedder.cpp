// The loop that the project exists for: forward, results to the host, tensors gone, upkeep of the memory.
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

} // namespace

struct batch_embedder::pass {
  const prepared_batch& batch;
  batch_result done;
};

batch_embedder::batch_embedder(embedding_model& model, memory_upkeep upkeep, embedder_settings settings,
                               std::optional<std::size_t> learned_ceiling,
                               std::shared_ptr<query_queue> queries)
    : model_(model), upkeep_(std::move(upkeep)), settings_(settings),
      ceiling_(settings.gpu_batch_size, learned_ceiling), queries_(std::move(queries)) {}

result<batch_result> batch_embedder::embed(const prepared_batch& batch, const std::atomic<bool>* stopping) {
  const autorelease_pool pool;
  pass into{batch, {}};
  into.done.failed = batch.failed;
  into.done.seconds = batch.seconds;
  upkeep_.begin_batch();
  const std::size_t most = batch.work->gpu_batch_size > 0 ? batch.work->gpu_batch_size : batch.images.size();
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t first = 0; first < batch.images.size();) {
    if (stopping && *stopping)
      return fail(failure_kind::interrupted, "stopped between two micro-batches");
    if (auto answered = answer_queries(); !answered)
      return tl::unexpected(answered.error());
    if (settings_.recovers)
      make_room();
    const auto count = std::min({ceiling_.size(), most, batch.images.size() - first});
    if (auto done = embed_span(into, first, count); !done)
      return tl::unexpected(done.error());
    first += count;
  }
  into.done.seconds.forward = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::ranges::sort(into.done.failed, {}, &failed_asset::position);
  into.done.memory = upkeep_.end_batch();
  into.done.memory.micro_batch = static_cast<std::uint32_t>(ceiling_.current());
  return std::move(into.done);
}

void batch_embedder::make_room() {
  if (upkeep_.make_room() || ceiling_.current() == 1)
    return;
  ceiling_.under_pressure();
  upkeep_.say_smaller(ceiling_.current(), "memory stays past the hard mark");
}

/// Ends with every image of the span embedded or failed, or with the device at fault.
result<void> batch_embedder::embed_span(pass& into, std::size_t first, std::size_t count) {
  const auto rows = embed_with_room(std::span(into.batch.images).subspan(first, count));
  upkeep_.after_pass(rows ? count : 0);
  if (rows) {
    keep(into, first, count, *rows);
    return {};
  }
  const bool short_of_memory = rows.error().kind == failure_kind::device_out_of_memory;
  if (rows.error().kind == failure_kind::device_lost || (short_of_memory && !settings_.recovers))
    return tl::unexpected(rows.error());
  if (count == 1)
    return embed_or_fail(into, first, rows.error());
  if (!short_of_memory)
    return embed_smaller(into, first, count, (count + 1) / 2);
  upkeep_.count_split();
  ceiling_.did_not_fit(count);
  upkeep_.say_smaller(ceiling_.current(), std::to_string(count) + " did not fit");
  return embed_smaller(into, first, count, ceiling_.size());
}

result<void> batch_embedder::embed_smaller(pass& into, std::size_t first, std::size_t count,
                                           std::size_t size) {
  for (std::size_t done = 0; done < count;) {
    const auto next = std::min({size, ceiling_.size(), count - done});
    if (auto good = embed_span(into, first + done, next); !good)
      return good;
    done += next;
  }
  return {};
}

result<std::vector<float>> batch_embedder::embed_with_room(image_span images) {
  auto rows = model_.embed(images);
  if (rows) {
    ceiling_.fitted(images.size());
    upkeep_.passed(false);
  }
  if (rows || rows.error().kind != failure_kind::device_out_of_memory || !settings_.recovers)
    return rows;
  if (auto collected = upkeep_.after_shortage(images.size()); !collected)
    return tl::unexpected(collected.error());
  rows = model_.embed(images);
  if (rows) {
    ceiling_.fitted_with_help(images.size());
    upkeep_.passed(true);
  }
  return rows;
}

/// One image failed alone. Prepared images are of one size, so the plain grey one tells whether the device is
/// at fault; if it is not, this image gets one more chance, as what was wrong may have passed.
result<void> batch_embedder::embed_or_fail(pass& into, std::size_t index, failure why) {
  if (auto healthy = ask_witness(); !healthy)
    return healthy;
  if (why.kind == failure_kind::device_out_of_memory) {
    if (const auto row = model_.embed({&into.batch.images[index], 1})) {
      keep(into, index, 1, *row);
      return {};
    }
    why.kind = failure_kind::image_out_of_memory;
  }
  into.done.failed.push_back({into.batch.positions[index], static_cast<std::uint32_t>(why.kind), why.cause});
  return {};
}

result<void> batch_embedder::ask_witness() {
  prepared_image grey;
  const std::size_t side = model_.identity().image.crop;
  grey.pixels.assign(side * side * 3, 127);
  const auto row = model_.embed({&grey, 1});
  if (row)
    return {};
  const auto& device = upkeep_.device().id;
  if (row.error().kind == failure_kind::device_out_of_memory)
    return fail(failure_kind::device_out_of_memory,
                device + " has no room for one image: " + row.error().cause, "free memory on the device");
  return fail(failure_kind::device_lost,
              "an image and then a plain grey one failed on " + device + ": " + row.error().cause,
              "see the log of the device's driver");
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

} // namespace trainyard
