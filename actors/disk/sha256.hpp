// SHA-256, all at once or piece by piece, and the id of an asset that is made of it.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st; // OpenSSL's

namespace trainyard {

using sha256_digest = std::array<std::byte, 32>;

class sha256 {
public:
  sha256();
  void add(std::span<const std::byte> bytes);
  /// Call it once, last.
  [[nodiscard]] sha256_digest finish();

private:
  struct free_context {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_md_ctx_st, free_context> context_;
};

[[nodiscard]] sha256_digest sha256_of(std::span<const std::byte> bytes);
[[nodiscard]] sha256_digest sha256_of(std::string_view text);
/// Lower case, 64 digits.
[[nodiscard]] std::string hex_sha256_of(std::span<const std::byte> bytes);
/// Lower case.
[[nodiscard]] std::string to_hex(std::span<const std::byte> bytes);
/// 32 hex digits of the raw relative path: stable between runs, and apart for names that print alike.
[[nodiscard]] std::string asset_id_of(std::string_view path);

} // namespace trainyard
