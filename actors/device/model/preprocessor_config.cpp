// Image processors of ten years' of programs in one form; whatever we would do differently is refused.
#include "actors/device/model/preprocessor_config.hpp"

#include <cmath>
#include <string_view>

namespace trainyard {
namespace {

constexpr std::int64_t least_side = 32;
constexpr std::int64_t most_side = 1024;
constexpr std::uint32_t standard_crop = 224; ///< of every processor that crops
constexpr std::array<float, 3> open_clip_mean{0.48145466F, 0.4578275F, 0.40821073F};
constexpr std::array<float, 3> open_clip_deviation{0.26862954F, 0.26130258F, 0.27577711F};

/// A side that may be written as a number or as equal height and width.
std::uint32_t square_side(const config_fields& fields, const char* key) {
  if (!fields.has(key) || !fields.member(key).is_object())
    return fields.number(key, least_side, most_side);
  const auto sides = fields.object_or_empty(key);
  const auto height = sides.number("height", least_side, most_side);
  if (sides.number("width", least_side, most_side) != height)
    throw config_error(fields.name_of(key) + " is not square");
  return height;
}

void read_size(const config_fields& fields, const preprocessor_defaults& defaults, image_spec& spec) {
  const bool crops = fields.flag_or("do_center_crop", defaults.fit == image_fit::shorter_side);
  const bool by_shorter_side = fields.member("size").is_object()
                                   ? fields.object_or_empty("size").has("shortest_edge")
                                   : defaults.fit == image_fit::shorter_side;
  if (!by_shorter_side) {
    spec.fit = image_fit::squash;
    spec.resize = spec.crop = square_side(fields, "size");
    if (crops && square_side(fields, "crop_size") != spec.crop)
      throw config_error("squashes to 'size' and then crops, which is not supported");
    return;
  }
  if (!crops)
    throw config_error("resizes the shorter side and has no 'do_center_crop': images would not be square");
  spec.resize = fields.member("size").is_object()
                    ? fields.object_or_empty("size").number("shortest_edge", least_side, most_side)
                    : fields.number("size", least_side, most_side);
  spec.crop = fields.has("crop_size") ? square_side(fields, "crop_size") : standard_crop;
}

/// PIL's numbers of filters.
interpolation filter_of(const config_fields& fields, interpolation standard) {
  if (!fields.has("resample"))
    return standard;
  const auto number = fields.number("resample", 0, 5);
  if (number != 2 && number != 3)
    throw config_error("'resample' is " + std::to_string(number) + "; known: 2 (bilinear) and 3 (bicubic)");
  return number == 2 ? interpolation::bilinear : interpolation::bicubic;
}

void check_scale(const config_fields& fields) {
  if (!fields.flag_or("do_resize", true) || !fields.flag_or("do_rescale", true))
    throw config_error("has 'do_resize' or 'do_rescale' false, which is not supported");
  if (std::abs(fields.real_or("rescale_factor", 1.0 / 255) * 255 - 1) > 1e-6)
    throw config_error("'rescale_factor' must be 1/255");
  if (fields.flag_or("do_pad", false))
    throw config_error("'do_pad' is true, which is not supported");
}

image_spec spec_in(const config_fields& fields, const preprocessor_defaults& defaults) {
  check_scale(fields);
  image_spec spec;
  read_size(fields, defaults, spec);
  spec.filter = filter_of(fields, defaults.filter);
  if (!fields.flag_or("do_normalize", true)) {
    spec.mean = {0, 0, 0};
    spec.deviation = {1, 1, 1};
    return spec;
  }
  spec.mean = fields.has("image_mean") ? fields.channels("image_mean", true) : defaults.mean;
  spec.deviation = fields.has("image_std") ? fields.channels("image_std", false) : defaults.deviation;
  return spec;
}

} // namespace

image_spec read_preprocessor_config(const std::filesystem::path& folder,
                                    const preprocessor_defaults& defaults) {
  std::error_code error;
  const auto* name = "preprocessor_config.json";
  if (!std::filesystem::exists(folder / name, error))
    name = "processor_config.json";
  if (!std::filesystem::exists(folder / name, error))
    throw config_error("has no preprocessor_config.json beside it, which says how images are prepared");
  try {
    const auto content = json_in(folder / name);
    const config_fields whole(content);
    return spec_in(whole.has("image_processor") ? whole.object_or_empty("image_processor") : whole, defaults);
  } catch (const config_error& wrong) {
    throw config_error(std::string("has beside it a ") + name + " that " + wrong.what());
  }
}

image_spec read_open_clip_preprocessing(const config_fields& root, std::uint32_t side) {
  const auto fields = root.object_or_empty("preprocess_cfg");
  image_spec spec;
  spec.resize = spec.crop = fields.has("size") ? fields.number("size", least_side, most_side) : side;
  spec.offset = crop_offset::half_to_even;
  const auto mode = fields.text_or("resize_mode", "shortest");
  if (mode != "shortest" && mode != "squash")
    throw config_error(fields.name_of("resize_mode") + " is '" + mode.substr(0, 40) +
                       "'; known: shortest, squash");
  spec.fit = mode == "squash" ? image_fit::squash : image_fit::shorter_side;
  const auto filter = fields.text_or("interpolation", "bicubic");
  if (filter != "bicubic" && filter != "bilinear")
    throw config_error(fields.name_of("interpolation") + " is '" + filter.substr(0, 40) +
                       "'; known: bicubic, bilinear");
  spec.filter = filter == "bilinear" ? interpolation::bilinear : interpolation::bicubic;
  spec.mean = fields.has("mean") ? fields.channels("mean", true) : open_clip_mean;
  spec.deviation = fields.has("std") ? fields.channels("std", false) : open_clip_deviation;
  return spec;
}

} // namespace trainyard
