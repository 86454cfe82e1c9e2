// A model becomes one of the store: checked, copied, and with golden vectors of its own. Torch-free.
#pragma once

#include <filesystem>
#include <string>

#include "actors/device/model/embedding_model.hpp"
#include "messages/failure.hpp"

namespace trainyard {

struct installed_model {
  std::filesystem::path folder;
  model_identity identity;
  bool was_there = false; ///< the same model, so that nothing was written
};

/// Checks `source` as load_model does, with every weight's value, embeds the golden images in fp32 by the
/// plain kernels unless the folder brings their vectors, and copies what the model consists of to
/// store / name, complete or not at all. trainyard.json in it records where it came from and pins the files.
/// Blocks for reading, hashing and copying the weights. model_missing and model_invalid for the source;
/// output_mismatch when another model has the name; disk_full and output_unwritable for the store.
[[nodiscard]] result<installed_model> install_model(const std::filesystem::path& source,
                                                    const std::string& name,
                                                    const std::filesystem::path& store);

/// The name that a model goes by when none is given: of the repository, without its owner, or of the folder.
[[nodiscard]] std::string store_name_of(const std::filesystem::path& source);

} // namespace trainyard
