// Numbers as people read them: 1,234,567 images, 1.5 GiB, 2 h 05 min.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace trainyard {

[[nodiscard]] std::string with_thousands(std::uint64_t count); ///< "1,234,567"
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);     ///< "512 B", "1.5 GiB"
[[nodiscard]] std::string signed_bytes_text(double bytes);     ///< "-1.2 KiB", "+3 B", "0 B"
/// "0.8 s", "42 s", "2 min 05 s", "3 h 07 min", "2 d 04 h"; "?" when negative or not finite.
[[nodiscard]] std::string duration_text(std::chrono::duration<double> time);
[[nodiscard]] std::string rate_text(double per_second); ///< "0.42", "12.3", "1,234"

} // namespace trainyard
