// Portions of the comparison: read, decided by content where the time alone differs, written.
#include "actors/coordinator/directory_update.hpp"

#include <algorithm>

#include "actors/coordinator/output/failures_file.hpp"
#include "actors/coordinator/output/folder_layout.hpp"

namespace trainyard {

namespace {

constexpr std::size_t portion_steps = 4'096;
constexpr std::uint64_t hashed_bytes_in_a_step = 64ULL * 1024 * 1024;

result<live_listing> what_the_output_holds(const folder_layout& at) {
  auto manifest = manifest_reader::open(at.manifest());
  if (!manifest)
    return tl::unexpected(manifest.error());
  if (manifest->generations().size() < 2)
    return live_listing::of_first_generation(std::move(*manifest));
  const auto note = generation_note_in(manifest->generations().back().note);
  if (!note)
    return tl::unexpected(note.error());
  return live_listing::open(std::move(*manifest), {at.own()}, *note);
}

} // namespace

result<std::unique_ptr<directory_update>> directory_update::open(std::shared_ptr<const update_order> order,
                                                                 std::shared_ptr<manifest_writer> manifest) {
  const folder_layout at{order->out};
  auto walk = directory_walk::open(order->directory, {.exclude = {order->out}, .tell_doubtful = true});
  if (!walk)
    return tl::unexpected(walk.error());
  auto known = what_the_output_holds(at);
  if (!known)
    return tl::unexpected(known.error());
  auto read = failed_assets_in(at.failures(), order->failures_bytes);
  if (!read)
    return tl::unexpected(read.error());
  const auto failed = std::make_shared<const asset_keys>(std::move(*read));
  std::unique_ptr<directory_update> update;
  comparison_rules rules{order->prune, order->retry_failed, nullptr};
  if (!failed->empty())
    rules.has_failed = [failed](const std::string& path) { return failed->contains(asset_key_of(path)); };
  update.reset(new directory_update(std::move(order), std::move(manifest), failed,
                                    listing_comparison(std::move(*known), std::move(rules)),
                                    std::move(*walk)));
  return update;
}

directory_update::directory_update(std::shared_ptr<const update_order> order,
                                   std::shared_ptr<manifest_writer> manifest,
                                   std::shared_ptr<const asset_keys> failed, listing_comparison comparison,
                                   directory_walk walk)
    : order_(std::move(order)), manifest_(std::move(manifest)), files_{folder_layout{order_->out}.own()},
      generation_(order_->plan.generation() + 1), failed_(std::move(failed)),
      comparison_(std::move(comparison)), walk_(std::move(walk)),
      contents_(order_->directory, order_->out, order_->plan, order_->shards),
      live_(files_.live(generation_)) {}

result<bool> directory_update::step() {
  if (portion_.empty())
    if (auto read = read_portion(); !read)
      return tl::unexpected(read.error());
  const auto decided = decide_contents();
  if (!decided)
    return tl::unexpected(decided.error());
  if (!*decided)
    return true;
  if (auto written = write_portion(); !written)
    return tl::unexpected(written.error());
  if (!compared_)
    return true;
  return end().map([] { return false; });
}

result<void> directory_update::read_portion() {
  while (portion_.size() < portion_steps) {
    if (comparison_.wants_entry()) {
      auto found = walk_.next();
      if (!found)
        return tl::unexpected(found.error());
      found_ += found->has_value() ? 1 : 0;
      comparison_.give(std::move(*found));
    }
    auto step = comparison_.next();
    if (!step)
      return tl::unexpected(step.error());
    if (!*step && comparison_.wants_entry())
      continue;
    compared_ = !step->has_value();
    if (compared_)
      break;
    if ((*step)->what == difference::same_size)
      undecided_.push_back(portion_.size());
    portion_.push_back(std::move(**step));
  }
  std::ranges::sort(undecided_, std::greater{}, [this](std::size_t i) { return portion_[i].before.item; });
  return {};
}

/// False where it is to be called again: hashing takes its time, and an order to stop must be heard.
result<bool> directory_update::decide_contents() {
  const auto enough = contents_.hashed_bytes() + hashed_bytes_in_a_step;
  for (; !undecided_.empty(); undecided_.pop_back()) {
    if (contents_.hashed_bytes() >= enough)
      return false;
    auto& step = portion_[undecided_.back()];
    const auto now = contents_.compare(step.before.item, step.now);
    if (!now)
      return tl::unexpected(now.error());
    if (*now == content_verdict::other)
      step.what = difference::changed;
    else if (*now == content_verdict::unknown)
      step.what = difference::none; // with the time of before: the next update looks again
  }
  return true;
}

result<void> directory_update::write_portion() {
  for (const auto& step : portion_)
    if (auto written = write(step); !written)
      return written;
  portion_.clear();
  return {};
}

result<void> directory_update::write(const comparison_step& step) {
  const auto& before = step.before;
  switch (step.what) {
  case difference::added:
    ++changes_.added;
    return embed(step);
  case difference::changed:
    ++changes_.changed;
    supersede(before);
    return embed(step);
  case difference::retry:
    ++changes_.retried;
    supersede(before);
    return embed(step);
  case difference::pruned:
    ++changes_.pruned;
    supersede(before);
    return {};
  case difference::same_size: // and the same content
    ++changes_.unchanged;
    ++changes_.touched;
    return live_.add(before.item, step.now.mtime_ns);
  case difference::vanished:
    ++changes_.vanished;
    break;
  case difference::none:
    ++changes_.unchanged;
    break;
  }
  return live_.add(before.item, before.touched ? std::optional(before.asset.mtime_ns) : std::nullopt);
}

result<void> directory_update::embed(const comparison_step& step) {
  if (manifest_->sealed())
    manifest_->begin_generation();
  const auto item = manifest_->size();
  return manifest_->append(step.now).and_then([&] { return live_.add(item); });
}

void directory_update::supersede(const live_item& gone) {
  superseded_.add(gone.item);
  superseded_failed_ += !failed_->empty() && failed_->contains(asset_key_of(gone.asset.path)) ? 1 : 0;
}

result<void> directory_update::end() {
  if (found_ == 0 && order_->prune && changes_.pruned > 0)
    return fail(failure_kind::input_empty,
                "'" + order_->directory.string() + "' holds no image any more: nothing is pruned",
                "check that the directory is mounted; to start over, give another output");
  return changes_.any() ? seal() : live_.discard();
}

result<void> directory_update::seal() {
  if (manifest_->sealed()) // nothing is to be embedded
    manifest_->begin_generation();
  generation_note note;
  note.generation = generation_;
  note.changes = changes_;
  return live_.finish(note)
      .and_then([&] { return write_superseded(note); })
      .and_then([&] { return sync_directory(files_.directory); })
      .and_then([&] { return manifest_->seal(to_text(note)); });
}

result<void> directory_update::write_superseded(generation_note& note) {
  const auto bytes = superseded_.to_bytes();
  note.superseded = superseded_.size();
  note.superseded_failed = superseded_failed_;
  note.superseded_sha256 = to_hex(sha256_of(bytes));
  return replace_file(files_.superseded(generation_), bytes);
}

} // namespace trainyard
