// trainyard with simulated devices, set up from SIMULATED_DEVICE_* variables: what a session does when memory
// is short.
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>

#include "nodes/program.hpp"
#include "tests/support/simulated_device/simulated_device.hpp"

namespace {

using namespace trainyard::testing;

std::string variable(const char* name, const char* standard) {
  const auto* value = std::getenv((std::string("SIMULATED_DEVICE_") + name).c_str());
  return value != nullptr ? value : standard;
}

simulated_settings common_settings() {
  simulated_settings settings;
  settings.retains = variable("RETAINS", "0") == "1";
  settings.fail_every = std::stoull(variable("FAIL_EVERY", "0"));
  const auto shape = variable("SHORTAGE", "typed");
  settings.shape = shape == "mps"      ? shortage_shape::mps_text
                   : shape == "driver" ? shortage_shape::driver_text
                                       : shortage_shape::typed;
  const auto fault = variable("FAULT", "none");
  settings.fault = fault == "nan"      ? device_fault::nan
                   : fault == "wrong"  ? device_fault::wrong
                   : fault == "lost"   ? device_fault::lost
                   : fault == "deadly" ? device_fault::deadly
                                       : device_fault::none;
  return settings;
}

/// CAP_MIB="700,70": a device each.
std::vector<simulated_settings> devices() {
  std::vector<simulated_settings> all;
  std::istringstream caps(variable("CAP_MIB", "1024"));
  for (std::string mib; std::getline(caps, mib, ',');) {
    all.push_back(common_settings());
    all.back().cap_bytes = std::stoull(mib) << 20U;
  }
  return all;
}

} // namespace

int main(int count, char** values) {
  try {
    install_simulated_devices(devices());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "SIMULATED_DEVICE_*: %s\n", error.what());
    return 2;
  }
  const auto status = trainyard::run_program(count, values);
  if (variable("COUNTS", "0") == "1")
    for (int device = 0; device < static_cast<int>(devices().size()); ++device) {
      const auto is = counts_of_simulated_device(device);
      std::fprintf(stderr, "simdev:%d live %llu peak %llu allocations %llu refusals %llu\n", device,
                   static_cast<unsigned long long>(is.live_bytes),
                   static_cast<unsigned long long>(is.peak_reserved_bytes),
                   static_cast<unsigned long long>(is.allocations),
                   static_cast<unsigned long long>(is.refusals));
    }
  return status;
}
