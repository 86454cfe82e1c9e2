// A slice of the walk per message; the session plans only what is durable.
#include "actors/coordinator/lister.hpp"

namespace trainyard {

lister::lister(caf::event_based_actor& self, lister_config config, std::shared_ptr<manifest_writer> manifest,
               actor session)
    : self_(self), config_(std::move(config)), manifest_(std::move(manifest)), session_(std::move(session)) {}

caf::message_handler lister::handlers() {
  if (auto begun = begin(); !begun)
    tell(session_, listing_failed{begun.error()});
  else if (walk_)
    tell(handle_of(self_), list_more{});
  return caf::message_handler{
      [this](const list_more&) { walk_on(); },
      [this](const compare_directory& wanted) { compare(wanted); },
  };
}

result<void> lister::begin() {
  of_earlier_run_ = manifest_->size() > 0;
  if (manifest_->sealed()) {
    tell(session_, listed{manifest_->durable_size(), 0, true, true});
    return {};
  }
  walk_options options;
  options.exclude = {config_.out};
  options.resume_after = manifest_->last_path();
  auto walk = directory_walk::open(config_.directory, std::move(options));
  if (!walk)
    return tl::unexpected(walk.error());
  walk_ = std::move(*walk);
  return {};
}

void lister::walk_on() {
  const auto more = update_ ? compare_on() : slice();
  if (!more)
    return tell(session_, listing_failed{more.error()});
  if (*more)
    tell(handle_of(self_), list_more{});
}

result<bool> lister::slice() {
  for (std::size_t i = 0; i < config_.slice; ++i) {
    auto found = walk_->next();
    if (!found)
      return tl::unexpected(found.error());
    if (!*found)
      return end().map([] { return false; });
    if (auto taken = manifest_->append(std::move(**found)); !taken)
      return tl::unexpected(taken.error());
  }
  if (auto synced = manifest_->sync(); !synced)
    return tl::unexpected(synced.error());
  tell(session_, listed{manifest_->durable_size(), walk_->ignored(), false});
  return true;
}

result<void> lister::end() {
  if (manifest_->size() != 0) // an empty listing stays open: images may be added later
    if (auto sealed = manifest_->seal(); !sealed)
      return sealed;
  tell(session_, listed{manifest_->durable_size(), walk_->ignored(), true, of_earlier_run_});
  return {};
}

void lister::compare(const compare_directory& wanted) {
  auto update = directory_update::open(wanted.order, manifest_);
  if (!update)
    return tell(session_, listing_failed{update.error()});
  update_ = std::move(*update);
  walk_on();
}

result<bool> lister::compare_on() {
  const auto more = update_->step();
  if (more && !*more)
    tell(session_, directory_compared{update_->changes()});
  return more;
}

} // namespace trainyard
