// A program started with three descriptors and nothing else of ours.
#pragma once

#include <array>
#include <filesystem>

#include <sys/types.h>

#include "messages/failure.hpp"

namespace trainyard {

/// `descriptors` become 3, 4 and 5 of the program; 0, 1 and 2 are /dev/null. It gets a process group of its
/// own and ignores the signals by which people and service managers end its parent, which then finishes what
/// it decodes. Of the environment it sees only what loads libraries. decoder_unavailable, system_limit.
[[nodiscard]] result<pid_t> start_process(const std::filesystem::path& program,
                                          const std::array<int, 3>& descriptors);

} // namespace trainyard
