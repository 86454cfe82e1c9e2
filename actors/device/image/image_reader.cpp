// The steps in order, each timed.
#include "actors/device/image/image_reader.hpp"

#include "actors/device/image/caught.hpp"
#include "actors/device/image/preprocess.hpp"
#include "actors/stopwatch.hpp"

namespace trainyard {
result<image_file> read_image_file(const root_directory& root, const std::string& path,
                                   double& read_seconds) {
  return caught([&]() -> result<image_file> {
    const stopwatch timed(read_seconds);
    const auto file = root.open_file(path);
    if (!file)
      return tl::unexpected(file.error());
    return read_whole_file(*file);
  });
}

result<prepared_image> prepare_image(const std::string& path, const image_file& file, const image_spec& spec,
                                     double& decode_seconds, const decode_options& options) {
  return caught([&]() -> result<prepared_image> {
    const stopwatch timed(decode_seconds);
    const auto decoded = decode_image(file.bytes, options);
    if (!decoded)
      return tl::unexpected(decoded.error());
    return prepared_image{path,
                          preprocess(decoded->image, spec),
                          decoded->file_width,
                          decoded->file_height,
                          file.facts.bytes,
                          file.facts.sha256,
                          file.facts.mtime_ns};
  });
}

result<prepared_image> read_image(const root_directory& root, const std::string& path, const image_spec& spec,
                                  stage_seconds& seconds, const decode_options& options) {
  const auto file = read_image_file(root, path, seconds.read);
  if (!file)
    return tl::unexpected(file.error());
  return prepare_image(path, *file, spec, seconds.decode, options);
}

} // namespace trainyard
