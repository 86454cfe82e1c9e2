// Images and the vectors that they must give: golden.safetensors of a model folder. Torch-free.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "actors/device/model/embedding_model.hpp"
#include "messages/failure.hpp"

namespace trainyard {

struct golden_set {
  std::vector<prepared_image> images; ///< ready for embed()
  std::vector<float> vectors;         ///< images.size() x dim in C order, fp32, each row of L2 norm 1
  std::uint32_t dim = 0;
};

/// Nothing when the folder has no golden.safetensors. model_invalid for one that is damaged or does not
/// belong to `identity`, which is describe_model()'s: other weights, preprocessing, image side or dim.
[[nodiscard]] result<std::optional<golden_set>> read_golden_set(const std::filesystem::path& folder,
                                                                const model_identity& identity);

/// The content of a golden.safetensors that read_golden_set() takes for `identity`.
[[nodiscard]] std::string golden_file_of(const golden_set& set, const model_identity& identity);

} // namespace trainyard
