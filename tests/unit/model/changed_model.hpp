// A copy of a model's folder, for a test to change one thing in.
#pragma once

#include <cstring>

#include <gtest/gtest.h>

#include "actors/device/model/safetensors.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard::testing {

struct changed_model {
  temp_dir dir;

  explicit changed_model(const std::filesystem::path& from) {
    for (const auto& each : std::filesystem::directory_iterator(from))
      if (each.is_regular_file())
        std::filesystem::copy_file(each.path(), dir.path() / each.path().filename());
  }
  void replace(const std::string& file, const std::string& old, const std::string& fresh) const {
    auto text = content_of(dir.path() / file);
    const auto at = text.find(old);
    ASSERT_NE(at, std::string::npos) << old;
    dir.write(file, text.replace(at, old.size(), fresh));
  }
  /// Floats at the beginning of a tensor.
  void overwrite(const std::string& tensor, std::vector<float> values, bool to_its_end = false) const {
    auto text = content_of(dir.path() / "model.safetensors");
    const auto file = safetensors_file::open(dir.path() / "model.safetensors").value();
    const auto bytes = file.bytes(file.tensors().find(tensor)->second);
    if (to_its_end)
      values.resize(bytes.size() / sizeof(float), values.front());
    const auto at = static_cast<std::size_t>(bytes.data() - file.whole().data());
    std::memcpy(text.data() + at, values.data(), values.size() * sizeof(float));
    std::filesystem::remove(dir.path() / "model.safetensors"); // the mapping keeps the old file
    dir.write("model.safetensors", text);
  }
  void remove(const std::string& file) const { std::filesystem::remove(dir.path() / file); }
};

} // namespace trainyard::testing
