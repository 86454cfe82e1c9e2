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
  std::size_t lost = 0; ///< images of this micro-batch that failed for other reasons than memory
};

batch_embedder::batch_embedder(embedding_model& model, memory_upkeep upkeep, embedder_settings settings,
                               std::optional<std::size_t> learned_ceiling)
    : model_(model), upkeep_(std::move(upkeep)), settings_(settings),
      ceiling_(settings.gpu_batch_size, learned_ceiling) {}

result<batch_result> batch_embedder::embed(const prepared_batch& batch) {
  const autorelease_pool pool;
  pass into{batch, {}, 0};
  into.done.failed = batch.failed;
  into.done.seconds = batch.seconds;
  upkeep_.begin_batch();
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t first = 0; first < batch.images.size();) {
    if (settings_.recovers && !upkeep_.make_room())
      ceiling_.under_pressure();
    const auto count = std::min(ceiling_.size(), batch.images.size() - first);
    into.lost = 0;
    if (auto done = embed_span(into, first, count); !done)
      return tl::unexpected(done.error());
    if (into.lost == count)
      if (auto healthy = ask_witness(); !healthy)
        return tl::unexpected(healthy.error());
    first += count;
  }
  into.done.seconds.forward = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::ranges::sort(into.done.failed, {}, &failed_asset::position);
  into.done.memory = upkeep_.end_batch();
  into.done.memory.micro_batch = static_cast<std::uint32_t>(ceiling_.size());
  return std::move(into.done);
}

/// Ends with every image of the span embedded or failed, or with the device at fault.
result<void> batch_embedder::embed_span(pass& into, std::size_t first, std::size_t count) {
  const auto rows = embed_with_room(std::span(into.batch.images).subspan(first, count));
  upkeep_.after_pass(count);
  if (rows) {
    keep(into, first, count, *rows);
    return {};
  }
  const bool short_of_memory = rows.error().kind == failure_kind::device_out_of_memory;
  if (rows.error().kind == failure_kind::device_lost || (short_of_memory && !settings_.recovers))
    return tl::unexpected(rows.error());
  if (count == 1)
    return fail_image(into, first, rows.error());
  if (!short_of_memory)
    return embed_smaller(into, first, count, (count + 1) / 2);
  upkeep_.count_split();
  ceiling_.did_not_fit(count);
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
  if (rows)
    ceiling_.fitted(images.size());
  if (rows || rows.error().kind != failure_kind::device_out_of_memory || !settings_.recovers)
    return rows;
  if (auto collected = upkeep_.after_shortage(images.size()); !collected)
    return tl::unexpected(collected.error());
  return model_.embed(images);
}

result<void> batch_embedder::fail_image(pass& into, std::size_t index, failure why) {
  if (why.kind == failure_kind::device_out_of_memory) {
    // Prepared images are of one size: no room for this one is most likely no room for any.
    if (auto healthy = ask_witness(); !healthy)
      return healthy;
    why.kind = failure_kind::image_out_of_memory;
  } else {
    ++into.lost;
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
              "images and then a plain grey one failed on " + device + ": " + row.error().cause,
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
