// How a command that draws nothing ends: with what it found on stdout, or with its failure on stderr.
#pragma once

#include <string>

#include "messages/failure.hpp"

namespace trainyard {

/// The failure on stderr, in colour where that is a terminal; returns its exit status.
int fail_with(const failure& why);
/// `text` on stdout, as it is; returns 0, or the exit status of an output that cannot be written.
int print(const std::string& text);

} // namespace trainyard
