// Where auto paths look.
#include "config/places.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace trainyard {
namespace {

using std::filesystem::path;

TEST(places, a_set_path_is_the_only_place) {
  settings set;
  set.set("paths.models_dir", std::string("/m"), {});
  set.set("paths.nats_server", std::string("/n"), {});
  EXPECT_THAT(model_folders(set, {{"HOME", "/h"}}, "/b/trainyard"), ::testing::ElementsAre("/m"));
  EXPECT_THAT(nats_server_files(set, {{"PATH", "/bin"}}), ::testing::ElementsAre("/n"));
}

TEST(places, models_are_looked_for_around_the_program_and_then_in_the_users_folder) {
  const auto folders = model_folders({}, {{"XDG_DATA_HOME", "/x"}}, "/r/build/release/nodes/trainyard");
  EXPECT_THAT(folders, ::testing::ElementsAre("/r/build/release/nodes/models", "/r/build/release/models",
                                              "/r/build/models", "/x/trainyard/models"));
}

TEST(places, nats_server_is_looked_for_in_absolute_entries_of_path_only) {
  const auto files = nats_server_files({}, {{"PATH", "/a::relative:/b:"}});
  ASSERT_GE(files.size(), 3U);
  EXPECT_EQ(files[0], path("/a/nats-server"));
  EXPECT_EQ(files[1], path("/b/nats-server"));
  EXPECT_EQ(files[2], path("/usr/sbin/nats-server"));
}

} // namespace
} // namespace trainyard
