// The list of what a decoder may ask of the system: memory, time, its own end, and what its socket needs.
#pragma once

namespace trainyard {

/// Linux on x86-64 and ARM64, where the kernel has seccomp filters.
[[nodiscard]] bool has_system_call_filter();
/// For this process from now on; any other call kills it with SIGSYS. Looking for files is answered with "not
/// allowed" instead, since libraries do it out of habit. 0 or an errno. Call it with one thread.
[[nodiscard]] int filter_system_calls();

} // namespace trainyard
