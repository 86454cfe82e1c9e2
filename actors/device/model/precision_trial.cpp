// Turns of one micro-batch each; the median of a precision's turns is its time.
#include "actors/device/model/precision_trial.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <span>

#include "actors/device/model/cosine.hpp"
#include "actors/device/model/lane_set.hpp"

namespace trainyard {
namespace {

using clock = std::chrono::steady_clock;

constexpr double least_speedup = 1.1;
constexpr double least_cosine_kept = 0.999;
constexpr std::chrono::milliseconds trial_time(1000);
constexpr std::size_t least_turns = 3;

struct contender {
  precision_outcome outcome;
  std::unique_ptr<embedding_model> model;
  std::vector<double> seconds;
};

/// Also the first pass, which is slower than those that are timed.
result<void> compare(contender& each, const golden_set& golden) {
  each.outcome.least_cosine = 1;
  for (std::size_t i = 0; i < golden.images.size(); ++i) {
    const auto row = each.model->embed(std::span(golden.images).subspan(i, 1));
    if (!row)
      return tl::unexpected(row.error());
    const auto near = cosine(*row, std::span(golden.vectors).subspan(i * golden.dim, golden.dim));
    each.outcome.least_cosine = std::min(each.outcome.least_cosine, near);
  }
  return {};
}

/// A whole micro-batch: all lanes have work.
std::vector<prepared_image> one_turn(const golden_set& golden, std::size_t count) {
  std::vector<prepared_image> images;
  while (images.size() < count)
    images.push_back(golden.images[images.size() % golden.images.size()]);
  return images;
}

result<void> race(std::vector<contender>& all, std::span<const prepared_image> images) {
  const auto end = clock::now() + trial_time;
  while (all.front().seconds.size() < least_turns || clock::now() < end)
    for (auto& each : all) {
      const auto begin = clock::now();
      if (const auto rows = each.model->embed(images); !rows)
        return tl::unexpected(rows.error());
      each.seconds.push_back(std::chrono::duration<double>(clock::now() - begin).count());
    }
  for (auto& each : all) {
    const auto middle = each.seconds.begin() + static_cast<std::ptrdiff_t>(each.seconds.size() / 2);
    std::ranges::nth_element(each.seconds, middle);
    each.outcome.images_per_second = static_cast<double>(images.size()) / *middle;
  }
  return {};
}

} // namespace

result<std::vector<precision_outcome>> try_precisions(const std::filesystem::path& folder,
                                                      const device_spec& device, const golden_set& golden,
                                                      const load_options& options) {
  std::vector<contender> all;
  for (const auto* precision : {"fp32", "bf16"}) {
    auto how = options;
    how.precision = precision;
    auto model = load_device_model(folder, device, how);
    if (!model)
      return tl::unexpected(model.error());
    all.push_back({{precision, 0, 0}, std::move(*model), {}});
    if (auto done = compare(all.back(), golden); !done)
      return tl::unexpected(done.error());
  }
  const auto lanes = static_cast<std::size_t>(std::max(1, options.cpu_threads));
  const auto count =
      std::min<std::size_t>(options.max_micro_batch, all.front().model->images_per_pass() * lanes);
  if (auto done = race(all, one_turn(golden, count)); !done)
    return tl::unexpected(done.error());
  std::vector<precision_outcome> outcomes;
  for (auto& each : all)
    outcomes.push_back(std::move(each.outcome));
  return outcomes;
}

std::string chosen_precision(const std::vector<precision_outcome>& outcomes) {
  const auto* best = &outcomes.front();
  for (const auto& each : outcomes)
    if (each.least_cosine >= least_cosine_kept &&
        each.images_per_second >= best->images_per_second * least_speedup)
      best = &each;
  return best->precision;
}

} // namespace trainyard
