// One embedded folder for all tests of searching and exporting it.
#pragma once

#include <memory>

#include "tests/integration/run/run_bench.hpp"

namespace trainyard::testing {

class search_bench : public run_bench {
protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  /// Vectors of photos() in several shards, made once by `trainyard run`; do not change them.
  [[nodiscard]] static std::filesystem::path vectors() { return embedded_->path() / "out"; }
  /// A copy of vectors() that a test may change.
  [[nodiscard]] std::filesystem::path own_copy() const;
  [[nodiscard]] finished_process python(std::vector<std::string> arguments) const;

private:
  static std::unique_ptr<temp_dir> embedded_;
};

} // namespace trainyard::testing
