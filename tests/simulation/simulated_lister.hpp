// Stands for the lister's actor: the product's walk and comparison of the seed's folder, slice by slice.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "actors/coordinator/directory_update.hpp"
#include "actors/coordinator/directory_walk.hpp"
#include "messages/local.hpp"
#include "tests/simulation/surroundings.hpp"

namespace trainyard::simulation {

using listing_news = std::variant<listed, directory_compared, listing_failed>;

/// As actors/coordinator/lister has it, with what is planted.
class simulated_lister {
public:
  using teller = std::function<void(listing_news)>;

  simulated_lister(const surroundings& around, std::shared_ptr<manifest_writer> manifest)
      : around_(around), manifest_(std::move(manifest)), of_earlier_run_(manifest_->size() > 0) {}

  /// From now on walk_on() compares; false: it cannot.
  bool compare(const std::shared_ptr<const update_order>& order, const teller& tell) {
    if (!around_.listing.compares) {
      tell(directory_compared{});
      return false;
    }
    auto update = directory_update::open(order, manifest_);
    if (update)
      update_ = std::move(*update);
    else
      tell(listing_failed{update.error()});
    return update.has_value();
  }
  /// One slice; false: there is nothing more to do.
  bool walk_on(const teller& tell) {
    const auto more = update_ ? compare_on(tell) : list_on(tell);
    if (!more)
      tell(listing_failed{more.error()});
    return more && *more;
  }

private:
  result<bool> list_on(const teller& tell) {
    const auto& rules = around_.listing;
    if (manifest_->sealed()) {
      tell(listed{manifest_->durable_size(), 0, true, true});
      return false;
    }
    if (!walk_)
      if (auto begun = begin_walk(); !begun)
        return tl::unexpected(begun.error());
    for (std::uint64_t i = 0; i < around_.session.listing_slice; ++i) {
      auto found = walk_->next();
      if (!found)
        return tl::unexpected(found.error());
      if (!*found) {
        auto kept = rules.tells_its_end ? manifest_->seal() : manifest_->sync();
        if (!kept)
          return tl::unexpected(kept.error());
        tell(listed{manifest_->durable_size(), 0, manifest_->sealed(), of_earlier_run_});
        return false;
      }
      if (auto taken = manifest_->append(std::move(**found)); !taken)
        return tl::unexpected(taken.error());
    }
    if (auto synced = manifest_->sync(); !synced)
      return tl::unexpected(synced.error());
    tell(listed{manifest_->durable_size(), 0, false});
    return true;
  }
  result<void> begin_walk() {
    const auto& rules = around_.listing;
    walk_options options;
    options.resume_after = of_earlier_run_ && rules.begins_again ? "" : manifest_->last_path();
    auto walk = directory_walk::open(around_.session.directory, std::move(options));
    if (!walk)
      return tl::unexpected(walk.error());
    walk_ = std::move(*walk);
    return of_earlier_run_ && rules.skips_one ? walk_->next().map([](auto) {}) : result<void>();
  }
  result<bool> compare_on(const teller& tell) {
    const auto more = update_->step();
    if (more && !*more)
      tell(directory_compared{update_->changes()});
    return more;
  }

  const surroundings& around_;
  std::shared_ptr<manifest_writer> manifest_;
  bool of_earlier_run_;
  std::optional<directory_walk> walk_;
  std::unique_ptr<directory_update> update_;
};

} // namespace trainyard::simulation
