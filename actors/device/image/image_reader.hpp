// One call from a path to prepared pixels: open, read, hash, decode, resize, crop.
#pragma once

#include <string>

#include "actors/device/image/image_decode.hpp"
#include "actors/device/image/root_directory.hpp"
#include "actors/device/prepared_image.hpp"
#include "messages/failure.hpp"
#include "messages/wire.hpp"

namespace trainyard {

/// Blocks on disk and CPU. Adds the time spent to `seconds.read` and `seconds.decode`, on failure too. No
/// exception escapes: out of memory is image_out_of_memory. Callable from many threads at once, each with its
/// own `seconds`.
[[nodiscard]] result<prepared_image> read_image(const root_directory& root, const std::string& path,
                                                const image_spec& spec, stage_seconds& seconds,
                                                const decode_options& options = {});

} // namespace trainyard
