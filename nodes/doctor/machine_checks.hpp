// What the system gives: limits, memory, and folders that can be read and written.
#pragma once

#include <filesystem>
#include <string>

#include "config/settings.hpp"
#include "nodes/doctor/finding.hpp"

namespace trainyard {

/// Takes all that `role` would need of threads and open files for a moment.
[[nodiscard]] finding on_limits(const settings& from, std::string_view role);
[[nodiscard]] finding on_memory();
/// Of `path`, or where that is not there yet of the nearest folder above it, which it would be made in.
/// Nothing is made. `room`: bytes under which a warning is due.
[[nodiscard]] finding on_writable_folder(const std::string& check, const std::filesystem::path& path,
                                         std::uintmax_t room);
[[nodiscard]] finding on_readable_folder(const std::string& check, const std::filesystem::path& path,
                                         const std::string& remedy);
/// All folders that `role` reads and writes.
void look_at_folders(findings& all, const settings& from, std::string_view role);

} // namespace trainyard
