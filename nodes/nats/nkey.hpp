// The public half of an NKey, from the file that holds its seed.
#pragma once

#include <filesystem>
#include <string>

#include "messages/failure.hpp"

namespace trainyard {

/// "U...", from a file with a line "SU..." (alone, or as `nsc` decorates it). Blocks on the disk.
/// config_invalid where there is no file or no seed in it; the seed is in no text.
[[nodiscard]] result<std::string> public_nkey_of(const std::filesystem::path& seed_file);

} // namespace trainyard
