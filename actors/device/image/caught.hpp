// The edge where what libraries throw becomes a failure of one image: reading threads let no exception pass.
#pragma once

#include <exception>
#include <new>
#include <string>

#include "messages/failure.hpp"

namespace trainyard {

/// What `step` returns, which is a result<...>; image_out_of_memory or internal where it throws.
template <class Step>
[[nodiscard]] auto caught(const Step& step) -> decltype(step()) {
  try {
    return step();
  } catch (const std::bad_alloc&) {
    return fail(failure_kind::image_out_of_memory, "no memory to decode the image",
                "give the worker more memory or fewer decoding threads");
  } catch (const std::exception& error) {
    return fail(failure_kind::internal, std::string("reading an image: ") + error.what());
  }
}

} // namespace trainyard
