// Again as long as the folder has changed under the search, but not for ever.
#include "nodes/search/folder_search.hpp"

#include "actors/stopwatch.hpp"

namespace trainyard {
namespace {

constexpr int most_looks = 5;

result<search_outcome> search_once(vector_folder folder, std::span<const float> query, std::size_t k) {
  search_outcome outcome;
  outcome.folder = std::move(folder);
  const auto found = [&] {
    const stopwatch timed(outcome.seconds);
    return search(outcome.folder, query, {.k = k});
  }();
  if (!found)
    return tl::unexpected(found.error());
  auto hits = hits_of(outcome.folder, found->hits);
  if (!hits)
    return tl::unexpected(hits.error());
  outcome.hits = std::move(*hits);
  outcome.not_finite = found->not_finite;
  return outcome;
}

} // namespace

result<search_outcome> search_now(vector_folder folder, std::span<const float> query, std::size_t k) {
  for (int look = 1;; ++look) {
    auto outcome = search_once(folder, query, k);
    if (outcome || look == most_looks)
      return outcome;
    auto now = look_at_folder(folder.root);
    if (!now || now->shards == folder.shards || now->space_id != folder.space_id)
      return outcome;
    folder = std::move(*now);
  }
}

} // namespace trainyard
