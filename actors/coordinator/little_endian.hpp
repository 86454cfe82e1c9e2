// Integers in files: little-endian at any address, whatever the machine.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>

namespace trainyard {

template <std::unsigned_integral Number>
void put_number(std::string& out, Number value) {
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    out.push_back(static_cast<char>(static_cast<unsigned char>(value >> (8 * i))));
}

/// REQUIRES: sizeof(Number) bytes at `from`.
template <std::unsigned_integral Number>
[[nodiscard]] Number get_number(const char* from) {
  Number value = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    value = static_cast<Number>(value | static_cast<Number>(static_cast<unsigned char>(from[i])) << (8 * i));
  return value;
}

} // namespace trainyard
