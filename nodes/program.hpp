// The whole program behind main(), so that a test binary can bring a device of its own.
#pragma once

namespace trainyard {

/// What main() was given; returns the exit status. Never throws.
[[nodiscard]] int run_program(int count, char** values);

} // namespace trainyard
