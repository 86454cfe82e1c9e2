// The worker's decoders, one at a time.
#include "nodes/search/picture_reader.hpp"

#include "nodes/worker/decoder_plan.hpp"

namespace trainyard {

result<std::unique_ptr<picture_reader>> picture_reader::make(const image_spec& spec, const settings& from) {
  const auto decoders = plan_decoders(from);
  if (!decoders)
    return tl::unexpected(decoders.error());
  std::unique_ptr<picture_reader> made(new picture_reader(spec));
  if (!*decoders)
    return made;
  auto isolated = isolated_reader::make(**decoders, spec, made->stopping_, [](const failure&) {});
  if (!isolated)
    return tl::unexpected(isolated.error());
  if (auto started = (*isolated)->start(); !started)
    return tl::unexpected(started.error());
  made->isolated_ = std::move(*isolated);
  return made;
}

result<prepared_image> picture_reader::read(const root_directory& root, const std::string& path,
                                            const decode_options& options) {
  stage_seconds unused;
  return isolated_ ? isolated_->read(root, path, unused, options)
                   : read_image(root, path, spec_, unused, options);
}

result<prepared_image> picture_reader::read_file(const std::string& path, const decode_options& options) {
  std::error_code error;
  const auto whole = std::filesystem::canonical(path, error);
  if (error)
    return fail(failure_kind::input_missing, "the image '" + path + "' cannot be opened: " + error.message(),
                "give the path of an image file");
  const auto root = root_directory::open(whole.parent_path().string());
  if (!root)
    return tl::unexpected(root.error());
  auto image = read(*root, whole.filename().string(), options);
  if (!image)
    return fail(image.error().kind, "the image '" + path + "' cannot be read: " + image.error().cause,
                image.error().remedy.empty() ? "give another image file" : image.error().remedy);
  return image;
}

} // namespace trainyard
