// Where an image's bytes come from: this machine's disk where it has the root, else a coordinator; and who
// makes pixels of them: decoders in processes of their own, or this one.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "actors/device/image/root_directory.hpp"
#include "actors/device/isolation/decoder_pool.hpp"
#include "actors/device/reader_pool.hpp"
#include "actors/device/remote_images.hpp"
#include "nodes/worker/limit_patience.hpp"

namespace trainyard {

/// Names of roots to opened directories: all that a batch may name, and nothing outside of them is ever
/// opened.
using root_map = std::map<std::string, std::shared_ptr<const root_directory>, std::less<>>;

struct image_sources {
  root_map roots;
  std::shared_ptr<remote_images> remote;    ///< for batches whose root is none of those; null: they fail
  std::shared_ptr<decoder_pool> decoders;   ///< null: decode in this process
  std::shared_ptr<limit_patience> patience; ///< with what the system refuses
  image_spec image;

  [[nodiscard]] bool asks_for(const work_batch& batch) const {
    return remote && batch.remote && !roots.contains(batch.root);
  }
};

/// Tries again for a moment what may pass, and what the system refuses until it gives it; asset_changed for
/// another file than the one that was listed.
[[nodiscard]] read_asset reader_of(image_sources sources);
/// Nothing where no images come from coordinators.
[[nodiscard]] batch_expected fetch_ahead(const image_sources& sources);

} // namespace trainyard
