// Codes are stable and exit statuses follow the contract.
#include "messages/failure.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

TEST(failure, has_a_code_of_two_letters_and_four_digits) {
  EXPECT_EQ(code_of(failure_kind::image_truncated), "TY2102");
  EXPECT_EQ(code_of(failure_kind::device_not_admitted), "TY1504");
}

TEST(failure, is_found_again_by_its_code) {
  EXPECT_EQ(kind_of_code("TY1602"), failure_kind::session_unknown);
  EXPECT_EQ(code_of(*kind_of_code("TY7777")), "TY7777") << "a newer version's code is kept";
  for (const auto* bad : {"", "TY", "TY16", "TY16021", "XX1602", "TY16 2", "TY-160", "ty1602", "TY+160"})
    EXPECT_FALSE(kind_of_code(bad)) << bad;
}

TEST(failure, of_an_asset_knows_its_stage) {
  EXPECT_EQ(stage_of(failure_kind::asset_missing), stage::read);
  EXPECT_EQ(stage_of(failure_kind::image_corrupt), stage::decode);
  EXPECT_EQ(stage_of(failure_kind::vector_invalid), stage::forward);
}

TEST(failure, ends_the_process_with_the_contracts_status) {
  EXPECT_EQ(exit_status_of(failure_kind::usage), 2);
  EXPECT_EQ(exit_status_of(failure_kind::input_missing), 66);
  EXPECT_EQ(exit_status_of(failure_kind::nats_unreachable), 69);
  EXPECT_EQ(exit_status_of(failure_kind::system_limit), 71);
  EXPECT_EQ(exit_status_of(failure_kind::output_unwritable), 73);
  EXPECT_EQ(exit_status_of(failure_kind::disk_full), 75);
  EXPECT_EQ(exit_status_of(failure_kind::nats_denied), 77);
  EXPECT_EQ(exit_status_of(failure_kind::model_invalid), 78);
  EXPECT_EQ(exit_status_of(failure_kind::device_not_admitted), 78);
}

} // namespace
} // namespace trainyard
