// A network for tests: vectors come from the pixels and the path, and failures come when the test asks for
// them.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "actors/device/model/embedding_model.hpp"

namespace trainyard::testing {

/// Shared by the test and every mock made from it. Set the plain members before embed() runs; the counters
/// may be read at any time.
struct mock_script {
  std::set<std::string> failing_paths;       ///< a micro-batch that holds one is forward_failed
  std::set<std::string> out_of_memory_paths; ///< a micro-batch that holds one is device_out_of_memory
  std::set<std::uint64_t>
      out_of_memory_calls;                ///< numbers of the calls (from 1) that are device_out_of_memory
  std::set<std::uint64_t> throwing_calls; ///< calls that break the contract and throw std::bad_alloc
  std::atomic<std::size_t> fits_images = SIZE_MAX; ///< larger micro-batches are device_out_of_memory
  std::chrono::microseconds work_per_image{0};     ///< spent computing, not sleeping
  std::function<void(std::span<const prepared_image>)> before_embed; ///< on the model's thread, for gates

  std::atomic<std::uint64_t> calls{0};
  std::atomic<std::uint64_t> images{0}; ///< that got a vector
  std::atomic<int> live{0};             ///< mocks that exist now
};

class mock_model final : public embedding_model {
public:
  mock_model();
  explicit mock_model(std::shared_ptr<mock_script> script);
  mock_model(std::shared_ptr<mock_script> script, model_identity identity);
  ~mock_model() override;

  [[nodiscard]] static model_identity mock_identity(std::uint32_t dim = 32);
  [[nodiscard]] const model_identity& identity() const noexcept override { return identity_; }
  [[nodiscard]] result<std::vector<float>> embed(std::span<const prepared_image> images) override;

private:
  std::shared_ptr<mock_script> script_;
  model_identity identity_;
};

} // namespace trainyard::testing
