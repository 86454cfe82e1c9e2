// From a path to prepared pixels in two steps: the file's bytes, from wherever they are, and what is made of
// them.
#pragma once

#include <string>

#include "actors/device/image/image_decode.hpp"
#include "actors/device/image/image_file.hpp"
#include "actors/device/image/root_directory.hpp"
#include "actors/device/prepared_image.hpp"
#include "messages/failure.hpp"
#include "messages/wire.hpp"

namespace trainyard {

/// The bytes of a file on this machine. Blocks on the disk; out of memory is image_out_of_memory.
[[nodiscard]] result<image_file> read_image_file(const root_directory& root, const std::string& path,
                                                 double& read_seconds);
/// Decodes, resizes and crops; knows nothing of where the bytes came from. No exception escapes.
[[nodiscard]] result<prepared_image> prepare_image(const std::string& path, const image_file& file,
                                                   const image_spec& spec, double& decode_seconds,
                                                   const decode_options& options = {});
/// Both. Blocks on disk and CPU. Adds the time spent to `seconds.read` and `seconds.decode`, on failure too.
/// No exception escapes: out of memory is image_out_of_memory. Callable from many threads at once, each with
/// its own `seconds`.
[[nodiscard]] result<prepared_image> read_image(const root_directory& root, const std::string& path,
                                                const image_spec& spec, stage_seconds& seconds,
                                                const decode_options& options = {});

} // namespace trainyard
