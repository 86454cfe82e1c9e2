// Roots whose images travel, and the one among them that holds what clients have sent.
#include "messages/codec.hpp"
#include "tests/unit/host/intake_world.hpp"

namespace trainyard::testing {
namespace {

struct session_intake_remote : intake_world {
  void SetUp() override {
    intake_world::SetUp();
    std::filesystem::create_directories(top / "out/.uploads/u-1/2024");
  }
  [[nodiscard]] intake_rules with_uploads() const {
    auto with = rules();
    with.roots.emplace("uploads", top / "out/.uploads");
    with.remote_roots = {"scans", "uploads"};
    with.upload_root = "uploads";
    return with;
  }
  [[nodiscard]] result<session_record> accept_with(const intake_rules& with,
                                                   const session_spec& asked) const {
    return session_intake(with).accept(asked, "s1", "2026-01-01T00:00:00Z");
  }
};

TEST_F(session_intake_remote, a_session_says_whether_its_images_travel) {
  const auto with = with_uploads();
  for (const auto& [root, remote] : {std::pair{"photos", false}, {"scans", true}, {"uploads", true}}) {
    const auto made = accept_with(with, spec(".", root));
    ASSERT_TRUE(made) << made.error().cause;
    EXPECT_EQ(made->remote, remote) << root;
    EXPECT_EQ(session_intake(with).configure(*made)->remote, remote) << root;
  }
}

TEST_F(session_intake_remote, an_upload_is_a_folder_of_its_root_and_its_output_stands_elsewhere) {
  const auto made = accept_with(with_uploads(), spec("u-1", "uploads"));
  ASSERT_TRUE(made) << made.error().cause;
  const auto config = session_intake(with_uploads()).configure(*made);
  EXPECT_EQ(config->directory, top / "out/.uploads/u-1");
  EXPECT_EQ(config->out, top / "out/s1");
}

TEST_F(session_intake_remote, no_output_is_made_among_uploads) {
  for (const auto* output : {".uploads", ".uploads/u-1", ".uploads/u-1/2024", "a/../.uploads/u-2"}) {
    auto asked = spec("2024");
    asked.output = output;
    const auto made = accept_with(with_uploads(), asked);
    ASSERT_FALSE(made) << output;
    EXPECT_EQ(made.error().kind, failure_kind::usage) << output;
  }
  auto beside = spec("2024");
  beside.output = ".uploads2";
  EXPECT_TRUE(accept_with(with_uploads(), beside));
}

TEST_F(session_intake_remote, the_root_of_uploads_is_none_that_a_job_can_leave_out) {
  auto with = with_uploads();
  with.roots.erase("scans");
  const auto made = accept_with(with, spec("2024", std::nullopt));
  ASSERT_TRUE(made) << made.error().cause;
  EXPECT_EQ(made->spec.root, "photos");
  with.roots.erase("photos");
  EXPECT_EQ(accept_with(with, spec("2024", std::nullopt)).error().kind, failure_kind::usage);
}

} // namespace
} // namespace trainyard::testing
