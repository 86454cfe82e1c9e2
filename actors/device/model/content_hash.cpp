// SHA-256 by OpenSSL.
#include "actors/device/model/content_hash.hpp"

#include <array>
#include <stdexcept>

#include <openssl/evp.h>

namespace trainyard {

std::string sha256_hex(std::span<const std::byte> content) {
  std::array<unsigned char, 32> digest{};
  if (EVP_Digest(content.data(), content.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("the crypto library has no SHA-256");
  constexpr auto* digits = "0123456789abcdef";
  std::string text;
  for (const auto byte : digest) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

} // namespace trainyard
