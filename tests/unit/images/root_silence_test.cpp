// A root is out of reach when nobody has answered for long, and within reach with the first answer.
#include "nodes/images/root_silence.hpp"

#include <gmock/gmock.h>

namespace trainyard {
namespace {

using namespace std::chrono_literals;
const root_silence::time_point start{};

TEST(root_silence, is_too_long_when_nothing_was_heard_for_the_patience) {
  root_silence silence(30s);
  EXPECT_FALSE(silence.unheard("photos", start));
  EXPECT_FALSE(silence.unheard("photos", start + 29s));
  EXPECT_FALSE(silence.is_too_long("photos")) << "only a request finds it so";
  EXPECT_TRUE(silence.unheard("photos", start + 30s));
  EXPECT_TRUE(silence.is_too_long("photos"));
  EXPECT_THAT(silence.silent_roots(), ::testing::ElementsAre("photos"));
}

TEST(root_silence, begins_anew_with_each_answer_and_counts_each_root_alone) {
  root_silence silence(30s);
  EXPECT_FALSE(silence.unheard("photos", start));
  EXPECT_FALSE(silence.unheard("scans", start + 20s));
  silence.heard("photos");
  EXPECT_FALSE(silence.unheard("photos", start + 40s));
  EXPECT_TRUE(silence.unheard("scans", start + 50s));
  EXPECT_FALSE(silence.is_too_long("photos"));
  silence.heard("scans");
  EXPECT_FALSE(silence.is_too_long("scans"));
  EXPECT_TRUE(silence.silent_roots().empty());
}

} // namespace
} // namespace trainyard
