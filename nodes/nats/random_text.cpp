// Hexadecimal text from getentropy, which both Linux and macOS have.
#include "nodes/nats/random_text.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include <unistd.h>
#if defined(__APPLE__)
#include <sys/random.h>
#endif

namespace trainyard {

std::string random_hex(std::size_t bytes) {
  std::vector<unsigned char> raw(bytes);
  constexpr std::size_t most = 256; // of one getentropy call
  for (std::size_t done = 0; done < bytes; done += most)
    if (::getentropy(raw.data() + done, std::min(most, bytes - done)) != 0)
      throw std::system_error(errno, std::generic_category(), "getentropy");
  std::string text;
  text.reserve(2 * bytes);
  for (const auto each : raw) {
    text += "0123456789abcdef"[each >> 4];
    text += "0123456789abcdef"[each & 15];
  }
  return text;
}

} // namespace trainyard
