// Stands for the lister: writes the listing of a directory that exists in the seed alone, slice by slice.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <variant>

#include "actors/coordinator/manifest.hpp"
#include "messages/local.hpp"
#include "tests/simulation/surroundings.hpp"

namespace trainyard::simulation {

using listing_news = std::variant<listed, directory_compared, listing_failed>;

/// A listing that was cut short is taken up after its last path; one that was complete has not changed.
class simulated_lister {
public:
  simulated_lister(const surroundings& around, std::shared_ptr<manifest_writer> manifest)
      : around_(around), manifest_(std::move(manifest)), resumes_(manifest_->size() > 0) {}

  /// One slice; false: there is nothing more to list.
  bool walk_on(const std::function<void(listing_news)>& tell) {
    const auto& rules = around_.listing;
    if (manifest_->sealed()) {
      tell(listed{manifest_->durable_size(), 0, true, true});
      tell(directory_compared{});
      return false;
    }
    const auto& last = manifest_->last_path();
    auto next = last.empty() ? 0 : simulated_session::number_of(last) + 1;
    if (std::exchange(resumes_, false))
      next = rules.resume_at(next);
    const auto kept = write(next);
    if (!kept)
      tell(listing_failed{kept.error()});
    else
      tell(listed{manifest_->durable_size(), 0, manifest_->sealed()});
    return kept && next < around_.session.images;
  }

private:
  result<void> write(std::uint64_t& next) {
    for (std::uint64_t i = 0; i < around_.session.listing_slice && next < around_.session.images; ++i)
      if (auto taken = manifest_->append(around_.session.item(next++)); !taken)
        return taken;
    return next >= around_.session.images && around_.listing.tells_its_end ? manifest_->seal()
                                                                           : manifest_->sync();
  }

  const surroundings& around_;
  std::shared_ptr<manifest_writer> manifest_;
  bool resumes_;
};

} // namespace trainyard::simulation
