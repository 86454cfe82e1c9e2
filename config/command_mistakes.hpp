// What is told of a command line that cannot be meant, with the nearest thing that could.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "config/commands.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// failure_kind::usage.
[[nodiscard]] failure usage(std::string cause, std::string remedy);
/// "see trainyard run --help"; of the whole program for nullptr.
[[nodiscard]] std::string hint_for(const command* which);

/// `before` is the first word of a command of two ("config "), `word` what stood where the next one should;
/// empty: nothing did.
[[nodiscard]] failure unknown_command(const std::string& before, const std::string& word);
[[nodiscard]] failure before_the_command(const command& which, const std::string& argument);
/// `flags` are those that the command takes.
[[nodiscard]] failure unknown_argument(const command& which, const std::string& argument,
                                       std::span<const std::string> flags);
/// Nothing when `given` is what the command wants.
[[nodiscard]] std::optional<failure> wrong_count(const command& which, std::span<const std::string> given);

} // namespace trainyard
