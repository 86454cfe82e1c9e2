// `trainyard search OUT`: the images of an output folder nearest to an image or a text.
#pragma once

#include <string>

#include "config/settings.hpp"

namespace trainyard {

/// Returns the exit status. stdout has the hits, as a table or one JSON object; stderr notices and errors.
[[nodiscard]] int search_command(const std::string& out, const settings& from);

} // namespace trainyard
