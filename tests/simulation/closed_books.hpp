// What a finished session's folder must hold: every image once, its own vector, in order.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "tests/simulation/expected_output.hpp"
#include "tests/simulation/simulated_session.hpp"

namespace trainyard::simulation {

/// failures.jsonl: path -> code.
using failures_by_path = std::map<std::string, std::string>;

struct closed_books {
  std::optional<std::string> wrong; ///< the first thing that is
  failures_by_path failures;
  std::uint64_t given_up = 0; ///< images that failed though nothing is the matter with them
};

/// `may_fail`: whether workers were lost with that good image, so that it may stand among the failures.
[[nodiscard]] closed_books read_books(const std::filesystem::path& out, const expected_output& expected,
                                      const std::function<bool(const expected_image&)>& may_fail);

/// Nothing, or the first file that is not, byte for byte, what an undisturbed run writes. Only where no image
/// was given up, and of a first generation.
[[nodiscard]] std::optional<std::string> differs_from_undisturbed(const std::filesystem::path& out,
                                                                  const simulated_session& session,
                                                                  const expected_output& expected,
                                                                  const std::filesystem::path& scratch);

} // namespace trainyard::simulation
