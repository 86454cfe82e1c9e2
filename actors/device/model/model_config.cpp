// Reads and checks a folder's configuration, and derives the identity of the embedding space.
#include "actors/device/model/model_config.hpp"

#include <array>
#include <bit>
#include <span>

#include "actors/device/model/preprocessor_config.hpp"
#include "actors/device/model/towers/tower_readers.hpp"
#include "actors/disk/sha256.hpp"

namespace trainyard {
namespace {

using nlohmann::json;

constexpr std::int64_t most_side_pixels = 1024;

/// A family of transformers by its model_type, and what its image processor does by itself.
struct family {
  std::string_view model_type;
  std::string_view architecture;
  tower_plan (*read)(const config_fields& root);
  preprocessor_defaults images;
};
constexpr std::array<float, 3> half{0.5F, 0.5F, 0.5F};
constexpr preprocessor_defaults clip_images{image_fit::shorter_side,
                                            interpolation::bicubic,
                                            {0.48145466F, 0.4578275F, 0.40821073F},
                                            {0.26862954F, 0.26130258F, 0.27577711F}};
constexpr preprocessor_defaults vit_images{image_fit::squash, interpolation::bilinear, half, half};
constexpr preprocessor_defaults siglip_images{image_fit::squash, interpolation::bicubic, half, half};
constexpr std::array families{family{"clip", "clip", read_clip, clip_images},
                              family{"clip_vision_model", "clip", read_clip, clip_images},
                              family{"vit", "vit", read_vit, vit_images},
                              family{"dinov2", "dinov2", read_dinov2, clip_images},
                              family{"dinov2_with_registers", "dinov2", read_dinov2, clip_images},
                              family{"siglip", "siglip", read_siglip, siglip_images},
                              family{"siglip_vision_model", "siglip", read_siglip, siglip_images}};

model_config read_own(const config_fields& root) {
  model_config config;
  config.architecture = root.text("architecture");
  config.dim = root.number("dim", 1, 65536);
  (void)root.object_or_empty("image"); // for its type
  const config_fields image(root.member("image"));
  config.image.resize = image.number("resize", 32, most_side_pixels);
  config.image.crop = image.number("crop", 32, config.image.resize);
  config.image.mean = image.channels("mean", true);
  config.image.deviation = image.channels("deviation", false);
  if (root.has("normalisation") && root.text("normalisation") != "l2")
    throw config_error("'normalisation' must be \"l2\"");
  config.sha256 = root.text_or("sha256", "");
  config.golden_sha256 = root.text_or("golden_sha256", "");
  return config;
}

void check_sides(const tower_plan& tower, const image_spec& image) {
  const auto same = image.crop == tower.side;
  if (!same && tower.scaling == position_scaling::none)
    throw config_error("is of a network for images of " + std::to_string(tower.side) +
                       " pixels, and its preprocessing makes them " + std::to_string(image.crop) +
                       ": this architecture has positions for one size only");
  if (image.crop < tower.patch)
    throw config_error("has patches larger than its images of " + std::to_string(image.crop) + " pixels");
}

model_config read_transformers(const config_fields& root, const std::filesystem::path& folder) {
  const auto type = root.text("model_type");
  const auto* found = std::ranges::find(families, type, &family::model_type);
  if (found == families.end())
    throw config_error("has the 'model_type' '" + type.substr(0, 60) +
                       "', which is not supported; known: clip, dinov2, dinov2_with_registers, siglip, vit");
  model_config config;
  config.architecture = found->architecture;
  config.tower = found->read(root);
  config.image = read_preprocessor_config(folder, found->images);
  config.dim = config.tower->dim;
  check_sides(*config.tower, config.image);
  return config;
}

model_config read_of_open_clip(const config_fields& root) {
  model_config config;
  config.architecture = "open-clip";
  config.tower = read_open_clip(root);
  config.image = read_open_clip_preprocessing(root, config.tower->side);
  config.dim = config.tower->dim;
  config.weights_file = "open_clip_model.safetensors";
  check_sides(*config.tower, config.image);
  return config;
}

/// What install_model() recorded: the same bytes ever since.
void read_pins(const std::filesystem::path& folder, model_config& config) {
  std::error_code error;
  if (!std::filesystem::exists(folder / "trainyard.json", error))
    return;
  try {
    const auto content = json_in(folder / "trainyard.json");
    const config_fields record(content);
    config.sha256 = record.text("weights_sha256");
    config.golden_sha256 = record.text("golden_sha256");
  } catch (const config_error& wrong) {
    throw config_error(std::string("has beside it a trainyard.json that ") + wrong.what());
  }
}

model_config read(const std::filesystem::path& file) {
  const auto content = json_in(file);
  const config_fields root(content);
  if (file.filename() == "open_clip_config.json")
    return read_of_open_clip(root);
  if (root.has("model_type") && !root.has("architecture"))
    return read_transformers(root, file.parent_path());
  return read_own(root);
}

} // namespace

bool has_model_config(const std::filesystem::path& folder) {
  std::error_code ignored;
  return std::filesystem::exists(folder / "config.json", ignored) ||
         std::filesystem::exists(folder / "open_clip_config.json", ignored);
}

std::filesystem::path model_config_file(const std::filesystem::path& folder) {
  std::error_code error;
  const auto usual = folder / "config.json";
  const auto other = folder / "open_clip_config.json";
  if (!std::filesystem::exists(other, error))
    return usual;
  const bool usual_is_whole =
      std::filesystem::exists(usual, error) && std::filesystem::exists(folder / "model.safetensors", error);
  return usual_is_whole ? usual : other;
}

result<model_config> read_model_config(const std::filesystem::path& folder) {
  const auto file = model_config_file(folder);
  std::error_code error;
  if (!std::filesystem::exists(file, error))
    return fail(failure_kind::model_missing, file.string() + " does not exist",
                "name a folder with config.json and model.safetensors, or a model of the store");
  try {
    auto config = read(file);
    read_pins(folder, config);
    return config;
  } catch (const config_error& wrong) {
    const bool broken = std::string_view(wrong.what()) == "is not JSON";
    return fail(failure_kind::model_invalid, file.string() + " " + wrong.what(),
                broken ? "download or convert the model again"
                       : "correct " + file.filename().string() + ", or use another model");
  }
}

std::string space_id_of(const model_config& config, const std::string& weights_sha256) {
  const auto& image = config.image;
  std::string canonical =
      "weights=" + weights_sha256 + "\narchitecture=" + config.architecture +
      "\nresize=" + (image.fit == image_fit::squash ? "squash," : "shortest-side,") +
      (image.filter == interpolation::bilinear ? "bilinear" : "bicubic") + ",antialias," +
      std::to_string(image.resize) +
      (image.offset == crop_offset::half_to_even ? "\ncrop=centre-half-to-even," : "\ncrop=centre,") +
      std::to_string(image.crop) + "\nscale=1/255,rgb";
  // Bit patterns: a decimal text would depend on the locale and on the library that rounds it.
  for (std::size_t i = 0; i < 3; ++i)
    canonical += "\nchannel=" + std::to_string(std::bit_cast<std::uint32_t>(image.mean[i])) + "," +
                 std::to_string(std::bit_cast<std::uint32_t>(image.deviation[i]));
  if (!config.tower)
    canonical += "\nfeature=global-average-pool";
  else { // numbers that the weights' shapes do not tell
    const auto& tower = *config.tower;
    canonical += "\nfeature=" + std::string(tower.pooling ? "attention-pool" : "class-token") +
                 "\nheads=" + std::to_string(tower.heads) +
                 "\nactivation=" + std::to_string(static_cast<int>(tower.act)) +
                 "\nepsilon=" + std::to_string(std::bit_cast<std::uint64_t>(tower.epsilon));
  }
  canonical += "\nnormalisation=l2\n";
  return hex_sha256_of(std::as_bytes(std::span(canonical))).substr(0, 16);
}

} // namespace trainyard
