// The steps in order, each timed; the edge where memory exceptions become a failure of one image.
#include "actors/device/image/image_reader.hpp"

#include <new>

#include "actors/device/image/image_file.hpp"
#include "actors/device/image/preprocess.hpp"
#include "actors/stopwatch.hpp"

namespace trainyard {
namespace {

result<image_file> read_file(const root_directory& root, const std::string& path, double& seconds) {
  const stopwatch timed(seconds);
  const auto file = root.open_file(path);
  if (!file)
    return tl::unexpected(file.error());
  return read_whole_file(*file);
}

result<prepared_image> read_steps(const root_directory& root, const std::string& path, const image_spec& spec,
                                  stage_seconds& seconds, const decode_options& options) {
  const auto file = read_file(root, path, seconds.read);
  if (!file)
    return tl::unexpected(file.error());
  const stopwatch timed(seconds.decode);
  const auto decoded = decode_image(file->bytes, options);
  if (!decoded)
    return tl::unexpected(decoded.error());
  return prepared_image{path,
                        preprocess(decoded->image, spec),
                        decoded->file_width,
                        decoded->file_height,
                        file->bytes.size(),
                        file->sha256,
                        file->mtime_ns};
}

} // namespace

result<prepared_image> read_image(const root_directory& root, const std::string& path, const image_spec& spec,
                                  stage_seconds& seconds, const decode_options& options) {
  try {
    return read_steps(root, path, spec, seconds, options);
  } catch (const std::bad_alloc&) {
    return fail(failure_kind::image_out_of_memory, "no memory to decode the image",
                "give the worker more memory or fewer decoding threads");
  } catch (const std::exception& error) {
    return fail(failure_kind::internal, std::string("reading an image: ") + error.what());
  }
}

} // namespace trainyard
