// One shape for all errors.
#include "nodes/terminal/error_text.hpp"

#include "nodes/terminal/safe_text.hpp"

namespace trainyard {
namespace {

std::string indented(const std::string& lines) {
  std::string out = "  ";
  for (const char each : lines)
    each == '\n' ? out += "\n  " : out += each;
  return out + "\n";
}

} // namespace

std::string error_text(const failure& what, bool colour) {
  const auto cause = safe_text(what.cause, true);
  const auto first_end = cause.find('\n');
  const std::string title = colour ? "\033[1;31merror:\033[0m " : "error: ";
  auto text =
      title + (cause.empty() ? "failed" : cause.substr(0, first_end)) + " code=" + code_of(what.kind) + "\n";
  if (first_end != std::string::npos)
    text += indented(cause.substr(first_end + 1));
  if (!what.remedy.empty())
    text += indented(safe_text(what.remedy, true));
  return text;
}

} // namespace trainyard
