// Two streams, the lower path first.
#include "actors/coordinator/listing_comparison.hpp"

namespace trainyard {

void listing_comparison::give(std::optional<listed_asset> found) {
  now_ = std::move(found);
  walk_ended_ = !now_.has_value();
}

result<std::optional<comparison_step>> listing_comparison::next() {
  if (wants_entry())
    return std::nullopt;
  if (!before_ && !known_ended_) {
    auto read = known_.next();
    if (!read)
      return tl::unexpected(read.error());
    before_ = std::move(*read);
    known_ended_ = !before_.has_value();
  }
  if (!before_ && !now_)
    return std::nullopt;
  comparison_step step;
  if (before_ && (!now_ || path_before(before_->asset.path, now_->path))) {
    step = without_entry();
  } else if (!before_ || path_before(now_->path, before_->asset.path)) {
    const bool counts = !adds_nothing(*now_);
    step.what = difference::added;
    step.now = taken_entry();
    if (!counts)
      return next();
  } else {
    step = with_both();
  }
  return step;
}

/// What is known before it in path order has been passed by now.
listed_asset listing_comparison::taken_entry() {
  auto entry = std::move(*now_);
  now_.reset();
  auto below = entry.path;
  if (entry.seen == sight::partial && !below.ends_with('/'))
    below += '/'; // it may be a directory
  if (below.ends_with('/') && (unreadable_.empty() || !below.starts_with(unreadable_)))
    unreadable_ = std::move(below);
  return entry;
}

/// Of which there was nothing: perhaps no image, or, where what is known stands below it, a directory.
bool listing_comparison::adds_nothing(const listed_asset& entry) const {
  return entry.seen == sight::doubtful ||
         (entry.seen == sight::partial && before_ && before_->asset.path.starts_with(entry.path + "/"));
}

comparison_step listing_comparison::without_entry() {
  comparison_step step;
  step.before = std::move(*before_);
  before_.reset();
  const auto& path = step.before.asset.path;
  if (!unreadable_.empty() && path.starts_with(unreadable_))
    step.what = difference::none;
  else if (rules_.prune || path.ends_with('/')) // a directory that can be read by now was never an image
    step.what = difference::pruned;
  else
    step.what = difference::vanished;
  return step;
}

comparison_step listing_comparison::with_both() {
  comparison_step step;
  step.before = std::move(*before_);
  before_.reset();
  step.now = taken_entry();
  const auto& before = step.before.asset;
  const bool is_other = before.bytes != step.now.bytes || before.mtime_ns != step.now.mtime_ns;
  if (is_other && step.now.seen != sight::whole)
    return step; // its row is better than what a share says that is away for a moment
  if (before.bytes != step.now.bytes)
    step.what = difference::changed;
  else if (before.mtime_ns != step.now.mtime_ns)
    step.what = failed(before.path) ? difference::changed : difference::same_size;
  else if (rules_.retry_failed && failed(before.path))
    step.what = difference::retry;
  return step;
}

bool listing_comparison::failed(const std::string& path) const {
  return rules_.has_failed && rules_.has_failed(path);
}

} // namespace trainyard
