// Random text from the system's own source: tokens that must not be guessed, names that must not meet.
#pragma once

#include <cstddef>
#include <string>

namespace trainyard {

/// Twice `bytes` hexadecimal digits. Throws std::system_error where the system gives no randomness.
[[nodiscard]] std::string random_hex(std::size_t bytes);

} // namespace trainyard
