// Runs the generator and reads its table.
#include "tests/unit/image/corpus.hpp"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "tests/support/temp_dir.hpp"

namespace trainyard::testing {

const std::filesystem::path& corpus_folder() {
  static const temp_dir folder;
  static const bool made = [] {
    const std::string command = std::string("LD_PRELOAD= '") + TRAINYARD_PYTHON + "' -B -W ignore '" +
                                TRAINYARD_CORPUS_SCRIPT + "' '" + folder.path().string() + "'";
    if (std::system(command.c_str()) != 0)
      throw std::runtime_error("failed: " + command);
    return true;
  }();
  static_cast<void>(made);
  return folder.path();
}

const std::vector<corpus_case>& corpus_cases() {
  static const std::vector<corpus_case> cases = [] {
    std::ifstream table(corpus_folder() / "cases.tsv");
    std::vector<corpus_case> read;
    for (std::string line; std::getline(table, line);) {
      std::istringstream fields(line);
      corpus_case one;
      fields >> one.name >> one.expected >> one.width >> one.height;
      read.push_back(one);
    }
    return read;
  }();
  return cases;
}

byte_buffer corpus_bytes(const std::string& name) {
  std::ifstream file(corpus_folder() / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

pixel_difference compare(const std::uint8_t* left, std::span<const std::uint8_t> right) {
  pixel_difference found;
  double dot = 0;
  double left_norm = 0;
  double right_norm = 0;
  for (std::size_t i = 0; i < right.size(); ++i) {
    const double l = left[i];
    const double r = right[i];
    found.largest = std::max(found.largest, std::abs(left[i] - right[i]));
    dot += l * r;
    left_norm += l * l;
    right_norm += r * r;
  }
  const double norms = std::sqrt(left_norm) * std::sqrt(right_norm);
  found.cosine = norms > 0 ? dot / norms : (left_norm == right_norm ? 1 : 0);
  return found;
}

} // namespace trainyard::testing
