// What the operating system refuses for want of descriptors, threads or memory: no fault of what was asked
// for.
#pragma once

#include <exception>
#include <optional>
#include <string>

#include "messages/failure.hpp"

namespace trainyard {

/// Whether errno `error` of a call that opens or maps something means that: it would work with a higher
/// limit, or in a moment.
[[nodiscard]] bool is_system_limit(int error) noexcept;
/// The same of a call that starts a thread or a process, where EAGAIN is a limit too.
[[nodiscard]] bool is_start_limit(int error) noexcept;

/// system_limit with the limit's value and how to raise it; `doing` as in "cannot open a.jpg".
[[nodiscard]] failure system_limit_reached(const std::string& doing, int error);

/// What the standard library threw when a thread or memory was refused; nothing for any other exception.
[[nodiscard]] std::optional<failure> system_limit_in(const std::exception& thrown);

} // namespace trainyard
