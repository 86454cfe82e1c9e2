// What a finished session's folder must hold: every image once, its own vector, in listing order.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "tests/simulation/simulated_session.hpp"

namespace trainyard::simulation {

/// Nothing, or what is wrong. `may_give_up`: devices were lost, so that images may have failed with them.
[[nodiscard]] std::optional<std::string> books_are_closed(const std::filesystem::path& out,
                                                          const simulated_session& session, bool may_give_up);

/// Nothing, or the first file that is not, byte for byte, what an undisturbed run writes. Only where no image
/// was given up.
[[nodiscard]] std::optional<std::string> differs_from_undisturbed(const std::filesystem::path& out,
                                                                  const simulated_session& session,
                                                                  const std::filesystem::path& scratch);

} // namespace trainyard::simulation
