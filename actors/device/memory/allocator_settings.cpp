// CUDA takes a text, MPS two variables of the environment that it reads when its allocator is made.
#include "actors/device/memory/allocator_settings.hpp"

#include <cstdlib>
#include <exception>
#include <sstream>

#include <ATen/Context.h>
#include <c10/core/AllocatorConfig.h>

#include "actors/device/memory/exception_text.hpp"

namespace trainyard {
namespace {

/// MPS starts to return memory by itself here, a little below the mark at which it refuses.
constexpr double low_watermark_of_high = 0.9;

std::string number(double value) {
  std::ostringstream text; // never in the user's locale: LibTorch wants a point
  text.imbue(std::locale::classic());
  text << value;
  return text.str();
}

bool is_set(const char* name) {
  return std::getenv(name) != nullptr;
}

std::string given_by_the_user() {
  for (const auto* name : {"PYTORCH_ALLOC_CONF", "PYTORCH_CUDA_ALLOC_CONF"})
    if (is_set(name))
      return std::getenv(name);
  return {};
}

/// A driver that is too old throws when it is asked: such a machine has no CUDA.
bool has_cuda() {
  try {
    return at::globalContext().getAcceleratorHooksInterface(c10::DeviceType::CUDA).isAvailable();
  } catch (const std::exception&) {
    return false;
  }
}

/// Both or none: a high watermark below the other's default would make the allocator refuse to start.
std::string set_watermarks(const allocator_settings& settings) {
  constexpr const char* high = "PYTORCH_MPS_HIGH_WATERMARK_RATIO";
  constexpr const char* low = "PYTORCH_MPS_LOW_WATERMARK_RATIO";
  if (is_set(high) || is_set(low))
    return "MPS watermarks as in the environment";
  ::setenv(high, number(settings.memory_fraction).c_str(), 0);
  ::setenv(low, number(settings.memory_fraction * low_watermark_of_high).c_str(), 0);
  return "MPS watermarks " + number(settings.memory_fraction) + " and " +
         number(settings.memory_fraction * low_watermark_of_high);
}

} // namespace

std::string allocator_text(const allocator_settings& settings, const std::string& given) {
  std::string text = given;
  const auto add = [&](const std::string& key, const std::string& value) {
    if (("," + given).find("," + key + ":") == std::string::npos)
      text += (text.empty() ? "" : ",") + key + ":" + value;
  };
  add("per_process_memory_fraction", number(settings.memory_fraction));
  add("expandable_segments", settings.expandable_segments ? "True" : "False");
  if (settings.collection_threshold > 0)
    add("garbage_collection_threshold", number(settings.collection_threshold));
  return text;
}

result<std::string> apply(const allocator_settings& settings) {
  auto done = set_watermarks(settings);
  if (!has_cuda())
    return done;
  const auto text = allocator_text(settings, given_by_the_user());
  try {
    c10::CachingAllocator::setAllocatorSettings(text);
  } catch (const std::exception& error) {
    return fail(failure_kind::config_invalid,
                "LibTorch refuses the allocator settings '" + text + "': " + first_line(error),
                "correct the memory options of the table [device], or PYTORCH_ALLOC_CONF");
  }
  return done + "; CUDA allocator " + text;
}

} // namespace trainyard
