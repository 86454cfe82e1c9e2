// Out of memory has a type only in some allocators; elsewhere the text is all there is.
#include "actors/device/memory/oom.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <new>
#include <string>

#include <c10/util/Exception.h>

namespace trainyard {
namespace {

/// Lower case, as found in: CUDA, XPU and MPS allocators, cuBLAS and cuDNN status names, Metal command
/// buffers, Level Zero, the CPU allocator, errno texts, and Metal's limit on one buffer.
constexpr std::array<std::string_view, 11> phrases{
    "out of memory",       "outofmemory",           "out_of_memory",          "out_of_device_memory",
    "out_of_host_memory",  "can't allocate memory", "cannot allocate memory", "not enough memory",
    "invalid buffer size", "_alloc_failed",         "_allocation_failed"};

} // namespace

bool says_out_of_memory(std::string_view text) noexcept {
  const auto same = [](char in_text, char in_phrase) {
    return std::tolower(static_cast<unsigned char>(in_text)) == in_phrase;
  };
  return std::ranges::any_of(phrases, [&](std::string_view phrase) {
    return std::search(text.begin(), text.end(), phrase.begin(), phrase.end(), same) != text.end();
  });
}

bool is_out_of_memory(const std::exception& error) noexcept {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr ||
      dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr)
    return true;
  // A backtrace lists function names, some of which speak of memory.
  if (const auto* torch_error = dynamic_cast<const c10::Error*>(&error))
    return says_out_of_memory(torch_error->what_without_backtrace());
  return says_out_of_memory(error.what());
}

} // namespace trainyard
