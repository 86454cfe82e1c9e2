// What people call a device, without linking any vendor's library.
#pragma once

#include <string>
#include <string_view>

namespace trainyard {

/// "Intel(R) Xeon(R) ...", "Apple M3 Max", "NVIDIA H100"; the kind itself where the system does not say.
[[nodiscard]] std::string device_name(std::string_view kind);

} // namespace trainyard
