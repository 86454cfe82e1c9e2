// Where auto paths look.
#include "config/places.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace trainyard {
namespace {

TEST(places, a_set_path_is_the_only_place) {
  settings set;
  set.set("paths.models_dir", std::string("/m"), {});
  EXPECT_THAT(model_folders(set, {{"HOME", "/h"}}, "/b/trainyard"), ::testing::ElementsAre("/m"));
}

TEST(places, models_are_looked_for_around_the_program_and_then_in_the_users_folder) {
  const auto folders = model_folders({}, {{"XDG_DATA_HOME", "/x"}}, "/r/build/release/nodes/trainyard");
  EXPECT_THAT(folders, ::testing::ElementsAre("/r/build/release/nodes/models", "/r/build/release/models",
                                              "/r/build/models", "/x/trainyard/models"));
}

} // namespace
} // namespace trainyard
