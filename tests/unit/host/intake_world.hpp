// A coordinator's folders on a real disk and the rules that go with them.
#pragma once

#include <gtest/gtest.h>

#include "actors/coordinator/host/session_intake.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard::testing {

struct intake_world : ::testing::Test {
  temp_dir dir;
  std::filesystem::path top = std::filesystem::canonical(dir.path());

  void SetUp() override {
    for (const auto* folder : {"photos/2024/may", "scans", "elsewhere", "out"})
      std::filesystem::create_directories(top / folder);
  }
  [[nodiscard]] intake_rules rules() const {
    intake_rules with;
    with.roots = {{"photos", top / "photos"}, {"scans", top / "scans"}};
    with.output_root = top / "out";
    with.model = "mock";
    with.describe_model = [](const std::string& model, const std::string& precision) -> result<model_facts> {
      if (model != "mock")
        return fail(failure_kind::model_missing, "there is no model '" + model + "'", "use mock");
      const std::string used = precision == "auto" ? "fp32" : precision;
      return model_facts{"mock", "space", 4, used, "mock_" + used};
    };
    return with;
  }
  [[nodiscard]] static session_spec spec(const std::string& directory,
                                         std::optional<std::string> root = "photos") {
    session_spec asked;
    asked.training_directory = directory;
    asked.root = std::move(root);
    return asked;
  }
  [[nodiscard]] result<session_record> accept(const session_spec& asked,
                                              const std::string& session = "s1") const {
    return session_intake(rules()).accept(asked, session, "2026-01-01T00:00:00Z");
  }
  /// What it is refused as; `internal` where it is not.
  [[nodiscard]] failure_kind refusal(const session_spec& asked, const std::string& session = "s1") const {
    const auto made = accept(asked, session);
    return made ? failure_kind::internal : made.error().kind;
  }
};

} // namespace trainyard::testing
