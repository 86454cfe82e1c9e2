// Which device a piece of work runs on, as plain text: no header of ours needs torch to name one.
#pragma once

#include <cstdint>
#include <string>

namespace trainyard {

struct device_spec {
  std::string id = "cpu"; ///< unique within the node and what --device takes: "cpu", "cuda:0", "mps", "xpu:0"
  std::string kind = "cpu"; ///< "cpu", "cuda", "mps", "xpu"
  std::string name;         ///< for people: "Intel(R) Xeon(R) ...", "NVIDIA H100"
  std::int8_t index = 0;    ///< among the devices of its kind

  [[nodiscard]] bool is_cpu() const { return kind == "cpu"; }
  bool operator==(const device_spec&) const = default;
};

} // namespace trainyard
