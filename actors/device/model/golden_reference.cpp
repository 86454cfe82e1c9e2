// Computed only where the folder holds no vectors of an independent implementation, which say more: those
// also tell when this program is wrong on every device.
#include "actors/device/model/golden_reference.hpp"

#include <algorithm>
#include <span>

#include "actors/device/model/golden_images.hpp"
#include "actors/device/model/load_model.hpp"

namespace trainyard {
namespace {

constexpr std::uint32_t images_at_once = 4;

} // namespace

result<golden_set> make_golden_set(const std::filesystem::path& folder) {
  const device_spec cpu;
  const auto model =
      load_model(folder, cpu, {.precision = "fp32", .max_micro_batch = images_at_once, .fused = false});
  if (!model)
    return tl::unexpected(model.error());
  golden_set set;
  set.dim = (*model)->identity().dim;
  set.images = golden_images((*model)->identity().image.crop);
  for (std::span<const prepared_image> rest = set.images; !rest.empty();) {
    const auto now = rest.first(std::min<std::size_t>(rest.size(), images_at_once));
    const auto rows = (*model)->embed(now);
    if (!rows && rows.error().kind == failure_kind::vector_invalid)
      return fail(failure_kind::model_invalid,
                  folder.string() + ": in fp32 on the CPU, " + rows.error().cause,
                  "download or convert the model again");
    if (!rows)
      return tl::unexpected(rows.error());
    set.vectors.insert(set.vectors.end(), rows->begin(), rows->end());
    rest = rest.subspan(now.size());
  }
  return set;
}

result<golden_set> golden_set_of(const std::filesystem::path& folder) {
  const auto identity = describe_model(folder);
  if (!identity)
    return tl::unexpected(identity.error());
  auto stored = read_golden_set(folder, *identity);
  if (!stored)
    return tl::unexpected(stored.error());
  return *stored ? result<golden_set>(std::move(**stored)) : make_golden_set(folder);
}

} // namespace trainyard
