// The sections of the option table, each a run of neighbours in it.
#pragma once

#include <span>

#include "config/options.hpp"

namespace trainyard::option_sections {

[[nodiscard]] std::span<const option> run();
[[nodiscard]] std::span<const option> device();
[[nodiscard]] std::span<const option> nats();
[[nodiscard]] std::span<const option> cluster();
[[nodiscard]] std::span<const option> images();
[[nodiscard]] std::span<const option> gateway();
[[nodiscard]] std::span<const option> metrics();
[[nodiscard]] std::span<const option> job();
[[nodiscard]] std::span<const option> page();
[[nodiscard]] std::span<const option> search();
[[nodiscard]] std::span<const option> text();
[[nodiscard]] std::span<const option> exports();
[[nodiscard]] std::span<const option> doctor();
[[nodiscard]] std::span<const option> service();
[[nodiscard]] std::span<const option> paths();
[[nodiscard]] std::span<const option> log();

} // namespace trainyard::option_sections
