// Safetensors files for tests, right and wrong, from a header's text and its data.
#pragma once

#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "actors/device/model/safetensors.hpp"

namespace trainyard::testing {

inline std::string file_of(std::string_view header, std::string_view data, std::uint64_t claimed) {
  std::string file;
  for (int i = 0; i < 8; ++i)
    file += static_cast<char>(claimed >> (8 * i));
  return file.append(header).append(data);
}

inline std::string file_of(std::string_view header, std::string_view data) {
  return file_of(header, data, header.size());
}

inline result<safetensors_contents> parse(std::string_view file) {
  return parse_safetensors(std::as_bytes(std::span(file.data(), file.size())));
}

/// Two tensors and metadata, 24 bytes of data.
inline std::string good_file() {
  return file_of(R"({"__metadata__":{"format":"pt"},)"
                 R"("a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},)"
                 R"("b":{"dtype":"F16","shape":[4],"data_offsets":[16,24]}} )",
                 std::string(24, '\x11'));
}

} // namespace trainyard::testing
