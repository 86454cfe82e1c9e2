// Shards that hold a superseded item, then the failures.
#include "actors/coordinator/generation_sweep.hpp"

#include "actors/coordinator/output/corrupt_output.hpp"
#include "actors/coordinator/output/failures_file.hpp"
#include "actors/coordinator/output/folder_layout.hpp"
#include "actors/disk/durable_file.hpp"
#include "actors/disk/sha256.hpp"

namespace trainyard {

result<generation_sweep> generation_sweep::open(const generation_files& files, generation_note note,
                                                const output_folder& output) {
  const auto file = files.superseded(note.generation);
  const auto bytes = read_file(file);
  if (!bytes)
    return tl::unexpected(bytes.error());
  auto superseded = to_hex(sha256_of(*bytes)) == note.superseded_sha256 ? item_set::from_bytes(*bytes)
                                                                        : std::optional<item_set>();
  if (!superseded)
    return corrupt_output(file.string() + " is damaged");
  return generation_sweep(std::move(note), std::move(*superseded), output.shards());
}

result<bool> generation_sweep::step(output_folder& output, const session_plan& plan,
                                    manifest_reader& manifest) {
  while (next_ < shards_.size()) {
    const auto& shard = shards_[next_++];
    const auto items = plan.items_of(shard.first_batch, shard.end_batch);
    const auto first = superseded_.next(items.first);
    if (!first || *first >= items.end())
      continue;
    const auto gone = superseded_in(items, manifest, nullptr);
    if (!gone)
      return tl::unexpected(gone.error());
    return output.sweep_shard(note_.generation, shard.number, *gone).map([](bool) { return true; });
  }
  return end(output, plan, manifest).map([] { return false; });
}

result<void> generation_sweep::end(output_folder& output, const session_plan& plan,
                                   manifest_reader& manifest) {
  if (note_.superseded_failed == 0)
    return output.end_sweep(note_.generation, {}, 0);
  const auto old_bytes = output.failures_bytes_before(plan.first_batch());
  const auto failed = failed_assets_in(folder_layout{output.path()}.failures(), old_bytes);
  if (!failed)
    return tl::unexpected(failed.error());
  const auto gone = superseded_in({0, plan.first_item()}, manifest, &*failed);
  if (!gone)
    return tl::unexpected(gone.error());
  return output.end_sweep(note_.generation, *gone, old_bytes);
}

result<asset_keys> generation_sweep::superseded_in(item_range range, manifest_reader& manifest,
                                                   const asset_keys* among) const {
  std::vector<asset_key> keys;
  for (auto item = superseded_.next(range.first); item && *item < range.end();
       item = superseded_.next(*item + 1)) {
    const auto asset = manifest.read(*item, 1);
    if (!asset)
      return tl::unexpected(asset.error());
    if (asset->empty())
      return corrupt_output("item " + std::to_string(*item) + " is not in the listing");
    const auto key = asset_key_of(asset->front().path);
    if (!among || among->contains(key))
      keys.push_back(key);
  }
  return asset_keys(std::move(keys));
}

} // namespace trainyard
