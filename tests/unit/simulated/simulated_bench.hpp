// The real model on simulated devices, for tests that need a device with little memory.
#pragma once

#include <gtest/gtest.h>

#include "actors/device/batch_embedder.hpp"
#include "actors/device/model/load_model.hpp"
#include "tests/support/simulated_device/simulated_device.hpp"

namespace trainyard::testing {

/// Two devices for the whole process, put back to their defaults before each test.
class simulated_bench : public ::testing::Test {
protected:
  static void SetUpTestSuite();
  void SetUp() override;
  void TearDown() override; ///< nothing may be left alive on a device

  [[nodiscard]] static device_spec device(int index);
  [[nodiscard]] static std::unique_ptr<embedding_model> model(const device_spec& on,
                                                              std::uint32_t images = 8);
  /// `images` different pictures of the model's size.
  [[nodiscard]] static prepared_batch batch(std::size_t images);
  [[nodiscard]] static std::vector<float> vectors_of(const batch_result& done);
  [[nodiscard]] static double least_cosine(const std::vector<float>& left, const std::vector<float>& right,
                                           std::size_t dim);

  batch_embedder embedder(embedding_model& model, embedder_settings settings, int index = 0);
  std::vector<std::string> lines; ///< of the embedders' logs
};

} // namespace trainyard::testing
