// Pure: which names an uploaded image may have.
#pragma once

#include <string>
#include <vector>

#include "messages/failure.hpp"

namespace trainyard {

/// The folders of a relative path, and last the file. asset_outside_root for "..", an absolute path and the
/// like; usage for names that no listing has (".trainyard") or no file system takes.
[[nodiscard]] result<std::vector<std::string>> upload_path(const std::string& path);

} // namespace trainyard
