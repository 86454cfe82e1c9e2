// Where the disk is about to change: the one seam through which tests stop the writer at any step.
#pragma once

#include "actors/disk/durable_file.hpp"

namespace trainyard {

void before_disk_step(disk_step step, const std::filesystem::path& file);

} // namespace trainyard
