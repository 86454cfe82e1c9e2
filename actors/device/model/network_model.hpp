// The embedding model that a device thread owns: micro-batches in fixed shapes, errors as values.
#pragma once

#include <memory>

#include "actors/device/model/embedding_model.hpp"
#include "actors/device/model/network.hpp"

namespace trainyard {

struct network_use {
  device_spec device;
  std::size_t max_micro_batch = 16;
  std::size_t images_per_pass = 16; ///< a micro-batch runs in passes of at most this many
  int cpu_threads = 1;
};

class network_model final : public embedding_model {
public:
  network_model(std::shared_ptr<const network> network, model_identity identity, network_use use);

  [[nodiscard]] const model_identity& identity() const noexcept override { return identity_; }
  [[nodiscard]] result<std::vector<float>> embed(std::span<const prepared_image> images) override;
  [[nodiscard]] std::size_t images_per_pass() const noexcept override { return use_.images_per_pass; }

private:
  [[nodiscard]] result<void> check(std::span<const prepared_image> images) const;
  void forward(std::span<const prepared_image> images, std::span<float> rows) const;

  std::shared_ptr<const network> network_;
  model_identity identity_;
  network_use use_;
};

} // namespace trainyard
