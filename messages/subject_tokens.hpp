// Single tokens of subjects: how one is made of several names, and how the last one is read.
#pragma once

#include <string>
#include <string_view>

#include "messages/subjects.hpp"

namespace trainyard {

/// Model and precision class: coordinator and worker must come to the same name.
[[nodiscard]] inline std::string pool_of(const std::string& model, const std::string& precision) {
  return as_token(model + "_" + precision);
}

/// What stands behind the last dot of a subject; all of it where there is none.
[[nodiscard]] inline std::string last_token(std::string_view subject) {
  return std::string(subject.substr(subject.rfind('.') + 1));
}

} // namespace trainyard
