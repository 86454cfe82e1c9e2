// One TOML file to checked values and the mistakes in it, each with its line.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/settings.hpp"

namespace trainyard {

struct file_reading {
  struct value {
    const option* which;
    option_value checked;
    origin where;
  };
  std::vector<value> values;
  std::vector<std::string> mistakes; ///< a line each, beginning with "FILE:LINE: "
};

/// Blocks on the disk. A file that is not there, no TOML or larger than a megabyte is one mistake.
[[nodiscard]] file_reading read_config_file(const std::filesystem::path& file, source from);

} // namespace trainyard
