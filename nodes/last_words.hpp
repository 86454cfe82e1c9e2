// What is said when something was thrown that nobody expected: a limit of the system, or a mistake of ours.
#pragma once

#include <chrono>
#include <exception>

#include "messages/failure.hpp"

namespace trainyard {

[[nodiscard]] failure failure_of(const std::exception& thrown);

/// From now on an exception that nothing can catch (on a thread of a library, or while another one unwinds)
/// ends the process with an error line and its status; the private nats-server and decoders end with it.
void say_last_words();

/// If the process has not ended when `patience` is over, it says `why` and ends at once: what failed may also
/// have left a thread that never ends, of a device or of a library. No patience: not any more.
void end_within(std::chrono::seconds patience, const failure& why = {});

} // namespace trainyard
