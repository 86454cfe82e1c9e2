// Settings that a gateway starts with, and those that it refuses.
#include "nodes/gateway/gateway_plan.hpp"

#include <gmock/gmock.h>

#include "config/load.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

result<gateway_plan> plan_of(std::map<std::string, std::string, std::less<>> flags,
                             environment variables = {}) {
  const auto loaded = load_settings({.flags = std::move(flags), .variables = std::move(variables)});
  EXPECT_TRUE(loaded) << loaded.error().cause;
  return plan_gateway(*loaded);
}

const std::string secret = "0123456789abcdef0123456789abcdef";

TEST(gateway_plan, is_loopback_without_a_token_by_default) {
  const auto plan = plan_of({});
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->listen, (listen_address{"127.0.0.1", 8000}));
  EXPECT_EQ(plan->token, "");
}

TEST(gateway_plan, leaves_loopback_only_with_a_token) {
  EXPECT_THAT(plan_of({{"gateway.listen", "0.0.0.0:8000"}}).error().remedy,
              HasSubstr("TRAINYARD_GATEWAY_TOKEN"));
  EXPECT_EQ(plan_of({{"gateway.listen", "0.0.0.0:8000"}}, {{"TRAINYARD_GATEWAY_TOKEN", secret}})->token,
            secret);
  EXPECT_FALSE(plan_of({{"gateway.listen", "[::]:8000"}}));
}

TEST(gateway_plan, takes_a_token_from_a_file_that_is_its_owners_alone) {
  const testing::temp_dir dir;
  const auto file = dir.write("token", secret + "\n");
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(plan_of({{"gateway.token_file", file.string()}})->token, secret);
  fs::permissions(file, fs::perms::others_read, fs::perm_options::add);
  EXPECT_THAT(plan_of({{"gateway.token_file", file.string()}}).error().cause,
              HasSubstr("open to other users"));
  EXPECT_FALSE(plan_of({{"gateway.token_file", (dir.path() / "none").string()}}));
}

TEST(gateway_plan, refuses_short_tokens_without_showing_them) {
  const auto refused = plan_of({}, {{"TRAINYARD_GATEWAY_TOKEN", "short-secret"}});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().cause + refused.error().remedy, Not(HasSubstr("short-secret")));
}

} // namespace
} // namespace trainyard
