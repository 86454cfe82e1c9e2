// A slice of the walk per message; the session plans only what is durable.
#include "actors/coordinator/lister.hpp"

namespace trainyard {

lister::lister(caf::event_based_actor& self, lister_config config, std::shared_ptr<manifest_writer> manifest,
               actor session)
    : self_(self), config_(std::move(config)), manifest_(std::move(manifest)), session_(std::move(session)) {}

caf::message_handler lister::handlers() {
  if (auto begun = begin(); begun)
    tell(handle_of(self_), list_more{});
  else
    tell(session_, listing_failed{begun.error()});
  return caf::message_handler{[this](const list_more&) { walk_on(); }};
}

result<void> lister::begin() {
  walk_options options;
  options.exclude = {config_.out};
  if (manifest_->sealed()) {
    tell(session_,
         listed{manifest_->durable_size(), 0, true, true}); // known already: work goes on while we compare
    auto known = manifest_reader::open(config_.manifest);
    if (!known)
      return tl::unexpected(known.error());
    comparison_.emplace(std::move(*known));
  } else {
    options.resume_after = manifest_->last_path();
  }
  auto walk = directory_walk::open(config_.directory, std::move(options));
  if (!walk)
    return tl::unexpected(walk.error());
  walk_ = std::move(*walk);
  return {};
}

void lister::walk_on() {
  const auto more = slice();
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
    if (auto taken = take(std::move(**found)); !taken)
      return tl::unexpected(taken.error());
  }
  if (comparison_)
    return true;
  if (auto synced = manifest_->sync(); !synced)
    return tl::unexpected(synced.error());
  tell(session_, listed{manifest_->durable_size(), walk_->ignored(), false});
  return true;
}

result<void> lister::take(listed_asset asset) {
  return comparison_ ? comparison_->found(asset) : manifest_->append(std::move(asset));
}

result<void> lister::end() {
  if (comparison_) {
    const auto changes = comparison_->end();
    tell(session_, directory_compared{changes.added, changes.changed, changes.gone});
    return {};
  }
  if (manifest_->size() != 0) // an empty listing stays open: images may be added later
    if (auto sealed = manifest_->seal(); !sealed)
      return sealed;
  tell(session_, listed{manifest_->durable_size(), walk_->ignored(), true});
  return {};
}

} // namespace trainyard
