// One line per family that has a text tower.
#include "actors/device/model/text_config.hpp"

#include <algorithm>
#include <array>

#include "actors/device/model/model_config.hpp"
#include "actors/device/model/towers/text_readers.hpp"

namespace trainyard {
namespace {

struct text_family {
  std::string_view model_type;
  text_plan (*read)(const config_fields& root);
};
constexpr std::array families{text_family{"clip", read_clip_text}, text_family{"siglip", read_siglip_text}};

std::optional<text_plan> read(const std::filesystem::path& file) {
  const auto content = json_in(file);
  const config_fields root(content);
  if (file.filename() == "open_clip_config.json")
    return read_open_clip_text(root);
  if (!root.has("model_type") || root.has("architecture"))
    return std::nullopt;
  const auto* found = std::ranges::find(families, root.text("model_type"), &text_family::model_type);
  return found == families.end() ? std::nullopt : std::optional(found->read(root));
}

} // namespace

result<text_plan> read_text_plan(const std::filesystem::path& folder) {
  const auto file = model_config_file(folder);
  try {
    if (auto plan = read(file))
      return std::move(*plan);
    return fail(failure_kind::model_invalid, "the model in " + folder.string() + " has no text tower",
                "use a model that embeds text: CLIP, OpenCLIP or SigLIP, whole and not its vision half");
  } catch (const config_error& wrong) {
    return fail(failure_kind::model_invalid, file.string() + " " + wrong.what(),
                "correct " + file.filename().string() + ", or use another model");
  }
}

} // namespace trainyard
