// A planned service as the file that its manager reads: a systemd unit or a launchd property list.
#pragma once

#include <string>
#include <string_view>

#include "nodes/service/service_plan.hpp"

namespace trainyard {

[[nodiscard]] std::string systemd_unit(const service_plan& plan);
[[nodiscard]] std::string launchd_plist(const service_plan& plan);
[[nodiscard]] inline std::string service_text(const service_plan& plan) {
  return plan.manager == service_manager::systemd ? systemd_unit(plan) : launchd_plist(plan);
}

/// One word of ExecStart=, which systemd reads back as it is.
[[nodiscard]] std::string systemd_word(std::string_view raw);
[[nodiscard]] std::string xml_text(std::string_view raw);

} // namespace trainyard
