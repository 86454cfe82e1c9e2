// What the doctor says: one finding per thing looked at, with a remedy where it is not good.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "messages/failure.hpp"

namespace trainyard {

enum class verdict : std::uint8_t { good, warning, bad, unknown };
[[nodiscard]] std::string_view to_string(verdict which) noexcept;

struct finding {
  verdict how = verdict::good;
  std::string check; ///< "nats", "model", ...: what was looked at
  std::string text;  ///< one line
  std::string remedy{};
  std::string code{}; ///< "TY1301" of what is bad
};

using findings = std::vector<finding>;

[[nodiscard]] finding good(std::string check, std::string text);
[[nodiscard]] finding warning(std::string check, std::string text, std::string remedy);
[[nodiscard]] finding bad(std::string check, const failure& why);
/// It could not be looked at, which is nobody's fault.
[[nodiscard]] finding unknown(std::string check, std::string text);

/// Nothing is bad; a warning keeps nobody from working.
[[nodiscard]] bool all_work(const findings& all);
/// A line each, remedies below theirs, and the sum last. Safe for a terminal.
[[nodiscard]] std::string findings_text(const findings& all, bool colour);
/// One object on one line: schema, ok, role, checks.
[[nodiscard]] std::string findings_json(const findings& all, std::string_view role);

} // namespace trainyard
