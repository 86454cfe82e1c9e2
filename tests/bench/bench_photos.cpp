// The coordinator's own walk, cut into batches.
#include "tests/bench/bench_photos.hpp"

#include "actors/coordinator/directory_walk.hpp"

namespace trainyard::bench {

result<std::vector<std::shared_ptr<const work_batch>>> list_batches(const std::filesystem::path& directory) {
  auto walk = directory_walk::open(directory);
  if (!walk)
    return tl::unexpected(walk.error());
  std::vector<std::shared_ptr<const work_batch>> batches;
  work_batch filling;
  const auto close_batch = [&] {
    if (!filling.assets.empty())
      batches.push_back(std::make_shared<const work_batch>(std::exchange(filling, {})));
  };
  for (;;) {
    auto found = walk->next();
    if (!found)
      return tl::unexpected(found.error());
    if (!*found)
      break;
    filling.assets.push_back({(*found)->path, (*found)->bytes, (*found)->mtime_ns});
    if (filling.assets.size() == batch_size)
      close_batch();
  }
  close_batch();
  if (batches.empty())
    return fail(failure_kind::input_empty, "'" + directory.string() + "' holds no image",
                "give a directory of images");
  return batches;
}

} // namespace trainyard::bench
