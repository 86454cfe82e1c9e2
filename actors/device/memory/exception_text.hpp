// What an exception of a library says to people: LibTorch puts a backtrace behind the first line.
#pragma once

#include <exception>
#include <string>

namespace trainyard {

[[nodiscard]] inline std::string first_line(const std::exception& error) {
  const std::string text = error.what();
  return text.substr(0, text.find('\n'));
}

} // namespace trainyard
