// Vectors from a hash of path and pixels: the same in every process, different for every input.
#include "tests/support/mock_model.hpp"

#include <algorithm>
#include <cmath>
#include <new>

namespace trainyard::testing {
namespace {

std::uint64_t mixed(std::uint64_t hash, std::uint8_t byte) {
  return (hash ^ byte) * 1099511628211U;
}

std::uint64_t hash_of(std::string_view text, std::span<const std::uint8_t> pixels) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char letter : text)
    hash = mixed(hash, static_cast<std::uint8_t>(letter));
  hash = mixed(hash, 0);
  for (const auto value : pixels)
    hash = mixed(hash, value);
  return hash;
}

/// splitmix64 from the hash, scaled to length 1.
void append_vector(std::vector<float>& vectors, std::uint64_t state, std::uint32_t dim) {
  const auto start = vectors.size();
  double sum = 0;
  for (std::uint32_t i = 0; i < dim; ++i) {
    std::uint64_t z = (state += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    vectors.push_back(static_cast<float>(static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-52 - 1));
    sum += static_cast<double>(vectors.back()) * vectors.back();
  }
  const auto norm = std::sqrt(sum);
  for (auto i = start; i < vectors.size(); ++i)
    vectors[i] = static_cast<float>(vectors[i] / norm);
}

void work_for(std::chrono::microseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
  }
}

} // namespace

mock_model::mock_model() : mock_model(std::make_shared<mock_script>()) {}

mock_model::mock_model(std::shared_ptr<mock_script> script)
    : mock_model(std::move(script), mock_identity()) {}

mock_model::mock_model(std::shared_ptr<mock_script> script, model_identity identity)
    : script_(std::move(script)), identity_(std::move(identity)) {
  ++script_->live;
}

mock_model::~mock_model() {
  --script_->live;
}

model_identity mock_model::mock_identity(std::uint32_t dim) {
  return {.name = "mock", .space_id = "00000000000000aa", .dim = dim, .precision = "fp32", .image = {}};
}

result<std::vector<float>> mock_model::embed(std::span<const prepared_image> images) {
  const auto call = ++script_->calls;
  if (script_->before_embed)
    script_->before_embed(images);
  if (script_->throwing_calls.contains(call))
    throw std::bad_alloc();
  if (images.empty())
    return fail(failure_kind::forward_failed, "a micro-batch of 0 images");
  const auto any_of = [&](const std::set<std::string>& paths) {
    return std::ranges::any_of(images, [&](const auto& image) { return paths.contains(image.path); });
  };
  if (script_->out_of_memory_calls.contains(call) || images.size() > script_->fits_images ||
      any_of(script_->out_of_memory_paths))
    return fail(failure_kind::device_out_of_memory,
                "mock: out of memory with " + std::to_string(images.size()) + " images",
                "use a smaller gpu-batch-size");
  if (any_of(script_->failing_paths))
    return fail(failure_kind::forward_failed, "mock: told to fail");
  work_for(script_->work_per_image * static_cast<long>(images.size()));
  std::vector<float> vectors;
  for (const auto& image : images)
    append_vector(vectors, hash_of(image.path, image.pixels), identity_.dim);
  script_->images += images.size();
  return vectors;
}

} // namespace trainyard::testing
