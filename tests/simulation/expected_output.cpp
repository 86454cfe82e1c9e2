// Everything is compared with everything by path.
#include "tests/simulation/expected_output.hpp"

#include <algorithm>
#include <map>

#include "tests/simulation/photo_folder.hpp"

namespace trainyard::simulation {

void expected_output::append(const std::vector<listed_asset>& generation) {
  for (std::size_t i = 0; i < generation.size(); ++i) {
    const auto first = i - i % batch_size_;
    images_.push_back({generation[i], batches_ + i / batch_size_, static_cast<std::uint32_t>(i % batch_size_),
                       std::min<std::uint64_t>(batch_size_, generation.size() - first)});
  }
  batches_ += (generation.size() + batch_size_ - 1) / batch_size_;
}

void expected_output::follow(const std::vector<listed_asset>& listing, const update_rules& rules) {
  std::map<std::string, listed_asset> now;
  for (const auto& each : listing)
    now[each.path] = each;
  std::vector<expected_image> kept;
  for (const auto& each : images_) {
    const auto found = now.find(each.asset.path);
    if (found == now.end()) {
      if (!rules.prune)
        kept.push_back(each);
      continue;
    }
    const bool failed = rules.failed_before.contains(each.asset.path);
    const bool other_content = version_of(found->second.mtime_ns) != version_of(each.asset.mtime_ns);
    const bool touched = found->second.mtime_ns != each.asset.mtime_ns;
    if (other_content || (failed && (touched || rules.retry_failed)))
      continue; // it comes again, in the new generation
    kept.push_back(each);
    now.erase(found);
  }
  std::vector<listed_asset> generation;
  for (const auto& [path, each] : now)
    generation.push_back(each);
  std::ranges::sort(generation, path_before, &listed_asset::path);
  images_ = std::move(kept);
  append(generation);
}

} // namespace trainyard::simulation
