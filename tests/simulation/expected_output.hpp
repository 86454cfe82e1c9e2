// What a folder must hold: which images, in which order, from which batches.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "actors/coordinator/listed_asset.hpp"

namespace trainyard::simulation {

struct expected_image {
  listed_asset asset;
  std::uint64_t batch = 0;
  std::uint32_t position = 0; ///< in it
  std::uint64_t images_of_batch = 0;
};

/// A second opinion on generations: the rules of docs, none of the product's code.
class expected_output {
public:
  expected_output(const std::vector<listed_asset>& listing, std::uint64_t batch_size)
      : batch_size_(batch_size) {
    append(listing);
  }

  struct update_rules {
    bool prune = false;
    bool retry_failed = false;
    std::set<std::string> failed_before{};
  };
  /// The directory holds `listing` now.
  void follow(const std::vector<listed_asset>& listing, const update_rules& rules);

  /// In the order of rows.
  [[nodiscard]] const std::vector<expected_image>& images() const { return images_; }
  [[nodiscard]] std::uint64_t batches() const { return batches_; }

private:
  void append(const std::vector<listed_asset>& generation);

  std::uint64_t batch_size_;
  std::uint64_t batches_ = 0;
  std::vector<expected_image> images_;
};

} // namespace trainyard::simulation
