// The cost of a pass does not depend on what the pictures show, so a few hundred of them are enough.
#include "tests/bench/forward_bench.hpp"

#include <barrier>
#include <optional>
#include <thread>

#include "actors/device/model/load_model.hpp"
#include "tests/bench/decode_bench.hpp"
#include "tests/bench/usage_clock.hpp"

namespace trainyard::bench {
namespace {

constexpr std::size_t most_images = 512; // 77 MB of pixels

using lane_models = std::vector<std::unique_ptr<embedding_model>>;
using image_span = std::span<const prepared_image>;

/// What one lane did; `why` is set when a pass failed, and ends the lane.
struct lane_outcome {
  std::uint64_t images = 0;
  std::optional<failure> why;
};

result<lane_models> load(const bench_plan& plan) {
  load_options options;
  options.precision = plan.precision;
  options.max_micro_batch = plan.micro_batch;
  options.cpu_threads = static_cast<int>(plan.threads);
  return load_lanes(plan.model_folder, {}, options, plan.lanes);
}

class forward_run {
public:
  forward_run(const bench_plan& plan, lane_models models, image_span images)
      : plan_(plan), models_(std::move(models)), images_(images), outcomes_(models_.size()),
        warm_(static_cast<std::ptrdiff_t>(models_.size()), [this]() noexcept { clock_.emplace(); }) {}

  result<bench_figures> measure() {
    std::vector<std::thread> threads;
    for (std::size_t lane = 0; lane < models_.size(); ++lane)
      threads.emplace_back([this, lane] { run_lane(lane); });
    for (auto& thread : threads)
      thread.join();
    bench_figures figures;
    clock_->stop(figures);
    for (const auto& outcome : outcomes_) {
      if (outcome.why)
        return tl::unexpected(*outcome.why);
      figures.images += outcome.images;
    }
    return figures;
  }

private:
  void run_lane(std::size_t lane) {
    auto& outcome = outcomes_[lane];
    auto next = lane * plan_.micro_batch % images_.size();
    embed_one(lane, next);
    outcome.images = 0;
    warm_.arrive_and_wait();
    while (!outcome.why && clock_->elapsed() < plan_.at_least)
      embed_one(lane, next);
  }
  void embed_one(std::size_t lane, std::size_t& next) {
    const auto images =
        images_.subspan(next, std::min<std::size_t>(plan_.micro_batch, images_.size() - next));
    if (auto rows = models_[lane]->embed(images); !rows)
      outcomes_[lane].why = rows.error();
    outcomes_[lane].images += images.size();
    next = (next + images.size()) % images_.size();
  }

  const bench_plan& plan_;
  lane_models models_;
  image_span images_;
  std::vector<lane_outcome> outcomes_;
  std::optional<usage_clock> clock_; ///< started by the lane that is warm last
  std::barrier<std::function<void()>> warm_;
};

} // namespace

result<bench_figures> measure_forward(const bench_plan& plan) {
  const auto identity = describe_model(plan.model_folder);
  if (!identity)
    return tl::unexpected(identity.error());
  auto images = decode_some(plan, identity->image, most_images);
  if (!images)
    return tl::unexpected(images.error());
  if (images->size() > plan.micro_batch)
    images->resize(images->size() - images->size() % plan.micro_batch); // full micro-batches only
  auto models = load(plan);
  if (!models)
    return tl::unexpected(models.error());
  return forward_run(plan, std::move(*models), *images).measure();
}

} // namespace trainyard::bench
