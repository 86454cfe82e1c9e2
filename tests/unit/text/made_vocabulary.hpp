// A vocabulary of the least size: each byte, the marks, and what a test adds.
#pragma once

#include <fstream>

#include <nlohmann/json.hpp>

#include "actors/device/text/byte_pairs.hpp"

namespace trainyard::testing {

/// Ids 0 to 255 are bytes, 256 to 511 bytes at a word's end, then `more`, then the two marks.
inline nlohmann::json made_vocabulary(const std::vector<std::string>& more = {"ab", "ab</w>"}) {
  nlohmann::json ids = nlohmann::json::object();
  for (const std::string end : {"", "</w>"})
    for (unsigned byte = 0; byte < 256; ++byte)
      ids[spelling_of_byte(static_cast<std::uint8_t>(byte)) + end] = ids.size();
  for (const auto& token : more)
    ids[token] = ids.size();
  for (const auto* mark : {"<|startoftext|>", "<|endoftext|>"})
    ids[mark] = ids.size();
  return ids;
}

inline constexpr const char* made_merges = "#version: 0.2\na b\na b</w>\n";

} // namespace trainyard::testing
