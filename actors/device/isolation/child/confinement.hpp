// What a decoder gives up before it sees the first byte of a stranger.
#pragma once

#include <cstdint>

#include "messages/failure.hpp"

namespace trainyard {

/// Linux: killed when the thread that started this process ends. Elsewhere the end of the socket has to do.
void end_with_parent();
void keep_only_descriptors_below(int first_closed);

/// For good: no core dumps, no files, no more descriptors, processes or (Linux) private memory beyond the
/// limit, and a system call filter where there is one. The bits of `confinement` that hold. Fails where a
/// filter should be there and cannot be set.
[[nodiscard]] result<std::uint32_t> confine(std::uint64_t memory_limit_bytes);

} // namespace trainyard
