// Results of batches as a worker would give them, without a worker: vectors follow from the path alone.
#pragma once

#include <cmath>
#include <cstring>
#include <functional>

#include "messages/codec.hpp"
#include "messages/failure.hpp"
#include "messages/wire.hpp"

namespace trainyard::testing {

/// dim 4, fp32, of the batch or its piece. Paths that hold "bad" fail as image_corrupt, "psn" as
/// image_ends_workers.
inline batch_result made_result(const work_batch& work) {
  batch_result done;
  done.session = work.session;
  done.batch = work.batch;
  done.piece = work.piece;
  done.attempt = work.attempt;
  done.node = "node";
  done.device = "cpu";
  done.device_kind = "cpu";
  done.device_name = "test";
  done.precision = "fp32";
  done.space_id = work.space_id;
  done.dtype = "fp32";
  done.dim = 4;
  for (std::uint32_t i = 0; i < work.assets.size(); ++i) {
    const auto& asset = work.assets[i];
    if (asset.path.find("bad") != std::string::npos) {
      done.failed.push_back({i, static_cast<std::uint32_t>(failure_kind::image_corrupt), "bad"});
      continue;
    }
    if (asset.path.find("psn") != std::string::npos) {
      done.failed.push_back({i, static_cast<std::uint32_t>(failure_kind::image_ends_workers), "psn"});
      continue;
    }
    const auto angle = static_cast<float>(std::hash<std::string>{}(asset.path) % 1000) / 1000.0F;
    const float row[4] = {std::cos(angle), std::sin(angle), 0, 0};
    done.embedded.push_back({i, 10, 20, asset.bytes, {std::vector<std::byte>(32)}});
    const auto at = done.vectors.bytes.size();
    done.vectors.bytes.resize(at + sizeof row);
    std::memcpy(done.vectors.bytes.data() + at, row, sizeof row);
  }
  return done;
}

} // namespace trainyard::testing
