// The generated images of make_corpus.py and what each must come to; made once per test process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "actors/device/image/large_block.hpp"

namespace trainyard::testing {

struct corpus_case {
  std::string name;
  std::string expected; ///< "same", "near", or kinds of failure separated by |
  std::uint32_t width = 0;
  std::uint32_t height = 0;

  [[nodiscard]] bool is_good() const { return expected == "same" || expected == "near"; }
};

/// Throws std::runtime_error when Python cannot make it.
[[nodiscard]] const std::filesystem::path& corpus_folder();
[[nodiscard]] const std::vector<corpus_case>& corpus_cases();
/// Empty when there is no such file.
[[nodiscard]] byte_buffer corpus_bytes(const std::string& name);

struct pixel_difference {
  int largest = 0;
  double cosine = 1;
};
[[nodiscard]] pixel_difference compare(const std::uint8_t* left, std::span<const std::uint8_t> right);

} // namespace trainyard::testing
