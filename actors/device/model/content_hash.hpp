// SHA-256 as text: what a model's weights are pinned to and known by.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace trainyard {

/// 64 lower-case hex digits; throws std::runtime_error where the crypto library refuses.
[[nodiscard]] std::string sha256_hex(std::span<const std::byte> content);

} // namespace trainyard
