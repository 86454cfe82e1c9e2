// `trainyard embed-text TEXT...`: one vector per text, in the space of the model's images.
#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"

namespace trainyard {

/// Returns the exit status. stdout has the vectors as a table or one JSON object, or what was written to
/// --out; stderr notices and errors.
[[nodiscard]] int embed_text_command(const std::vector<std::string>& texts, const settings& from);

} // namespace trainyard
