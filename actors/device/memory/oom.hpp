// Out of memory in every shape that LibTorch, the drivers and the host throw it.
#pragma once

#include <exception>
#include <string_view>

namespace trainyard {

/// True when making room and trying again, or with fewer images, can help.
[[nodiscard]] bool is_out_of_memory(const std::exception& error) noexcept;
/// The same test on the text alone, for failures that lost their type (TorchScript, a foreign process).
[[nodiscard]] bool says_out_of_memory(std::string_view text) noexcept;

} // namespace trainyard
