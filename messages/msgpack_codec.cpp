// The one place that unpacks msgpack: always with limits, exceptions become a failure.
#include "messages/msgpack_codec.hpp"

namespace trainyard {

result<msgpack::object_handle> unpack_limited(std::span<const std::byte> payload) {
  const msgpack::unpack_limit limits(unpack_limits::array, unpack_limits::map, unpack_limits::text,
                                     unpack_limits::binary, 0, unpack_limits::depth);
  try {
    std::size_t offset = 0;
    auto handle = msgpack::unpack(reinterpret_cast<const char*>(payload.data()), payload.size(), offset,
                                  nullptr, nullptr, limits);
    if (offset != payload.size())
      return fail(failure_kind::message_invalid,
                  std::to_string(payload.size() - offset) + " bytes follow the message");
    return handle;
  } catch (const std::exception& error) {
    return fail(failure_kind::message_invalid,
                std::string("not a msgpack message within limits: ") + error.what());
  }
}

} // namespace trainyard
