// SHA-256 through OpenSSL; throws std::runtime_error only where the library itself is broken or out of
// memory.
#include "actors/disk/sha256.hpp"

#include <stdexcept>

#include <openssl/evp.h>

namespace trainyard {

namespace {
void must(int status) {
  if (status != 1)
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
}
} // namespace

void sha256::free_context::operator()(evp_md_ctx_st* context) const noexcept {
  EVP_MD_CTX_free(context);
}

sha256::sha256() : context_(EVP_MD_CTX_new()) {
  must(context_ ? EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) : 0);
}

void sha256::add(std::span<const std::byte> bytes) {
  must(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

sha256_digest sha256::finish() {
  sha256_digest digest;
  must(EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr));
  return digest;
}

sha256_digest sha256_of(std::span<const std::byte> bytes) {
  sha256 hash;
  hash.add(bytes);
  return hash.finish();
}

sha256_digest sha256_of(std::string_view text) {
  return sha256_of(std::as_bytes(std::span(text.data(), text.size())));
}

std::string to_hex(std::span<const std::byte> bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const auto byte : bytes)
    text += {digits[std::to_integer<unsigned>(byte) >> 4], digits[std::to_integer<unsigned>(byte) & 15]};
  return text;
}

std::string hex_sha256_of(std::span<const std::byte> bytes) {
  return to_hex(sha256_of(bytes));
}

std::string asset_id_of(std::string_view path) {
  const auto digest = sha256_of(path);
  return to_hex(std::span(digest).first(16));
}

} // namespace trainyard
