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

TEST(places, the_hubs_cache_is_where_its_own_tools_look) {
  const environment all{{"HF_HUB_CACHE", "/c"}, {"HF_HOME", "/hf"}, {"XDG_CACHE_HOME", "/x"}, {"HOME", "/h"}};
  auto variables = all;
  EXPECT_EQ(hub_folder(variables), "/c");
  variables.erase("HF_HUB_CACHE");
  EXPECT_EQ(hub_folder(variables), "/hf/hub");
  variables["HF_HOME"] = "";
  EXPECT_EQ(hub_folder(variables), "/x/huggingface/hub");
  variables.erase("XDG_CACHE_HOME");
  EXPECT_EQ(hub_folder(variables), "/h/.cache/huggingface/hub");
  EXPECT_EQ(hub_folder({}), "");
}

TEST(places, what_is_learned_is_kept_in_the_users_state_folder) {
  EXPECT_EQ(state_folder({}, {{"XDG_STATE_HOME", "/x"}, {"HOME", "/h"}}), "/x/trainyard");
  EXPECT_EQ(state_folder({}, {{"XDG_STATE_HOME", "relative"}, {"HOME", "/h"}}).string().rfind("/h/", 0), 0U);
  EXPECT_EQ(state_folder({}, {}), "");
  settings set;
  set.set("paths.state_dir", std::string("/s"), {});
  EXPECT_EQ(state_folder(set, {{"HOME", "/h"}}), "/s");
}

} // namespace
} // namespace trainyard
