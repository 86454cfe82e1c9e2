// One line per architecture.
#include "actors/device/model/architectures.hpp"

#include <algorithm>
#include <array>

#include "actors/device/model/efficientnet_lite0.hpp"
#include "actors/device/model/transformer/vision_transformer.hpp"

namespace trainyard {
namespace {

std::vector<tensor_rule> lite0_tensors(const model_config&) {
  return efficientnet_lite0::tensors();
}

std::shared_ptr<const network> make_lite0(const model_config&, const weight_map& weights,
                                          const network_placement& placement) {
  return std::make_shared<const efficientnet_lite0>(weights, placement);
}

std::vector<tensor_rule> tower_tensors(const model_config& config) {
  return tensors_of(config.tower.value());
}

std::shared_ptr<const network> make_tower(const model_config& config, const weight_map& weights,
                                          const network_placement& placement) {
  return std::make_shared<const vision_transformer>(config.tower.value(), weights, placement);
}

constexpr std::uint32_t lite0_images = 4; // its layers at 112 x 112 pixels are large
constexpr std::uint32_t tower_images = 8;

constexpr std::array known{architecture{"clip", tower_tensors, make_tower, tower_images},
                           architecture{"dinov2", tower_tensors, make_tower, tower_images},
                           architecture{"efficientnet-lite0", lite0_tensors, make_lite0, lite0_images},
                           architecture{"open-clip", tower_tensors, make_tower, tower_images},
                           architecture{"siglip", tower_tensors, make_tower, tower_images},
                           architecture{"vit", tower_tensors, make_tower, tower_images}};

} // namespace

std::span<const architecture> architectures() {
  return known;
}

result<const architecture*> find_architecture(std::string_view name) {
  if (const auto* found = std::ranges::find(known, name, &architecture::name); found != known.end())
    return found;
  std::string names;
  for (const auto& each : known)
    names += (names.empty() ? "" : ", ") + std::string(each.name);
  return fail(failure_kind::model_invalid,
              "architecture '" + std::string(name.substr(0, 80)) + "' is unknown", "known: " + names);
}

} // namespace trainyard
