// Names and folders resolve to model folders, and to nothing else.
#include "actors/device/model/model_store.hpp"

#include <cstdlib>

#include <gmock/gmock.h>

#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using trainyard::testing::temp_dir;

TEST(model_store, a_name_is_looked_up_in_each_folder_in_order) {
  const temp_dir first;
  const temp_dir second;
  first.write("a/config.json", "{}");
  second.write("a/config.json", "{}");
  second.write("b/config.json", "{}");
  second.write("no-model/readme", "");
  const model_store store({first.path(), "/nowhere/at/all", second.path()});
  EXPECT_EQ(store.resolve("a").value(), first.path() / "a");
  EXPECT_EQ(store.resolve("b").value(), second.path() / "b");
  EXPECT_THAT(store.names(), ElementsAre("a", "b"));
}

TEST(model_store, an_unknown_name_is_refused_with_those_known) {
  const temp_dir dir;
  dir.write("known/config.json", "{}");
  const auto found = model_store({dir.path()}).resolve("unknown");
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().kind, failure_kind::model_missing);
  EXPECT_THAT(found.error().cause, HasSubstr("'unknown'"));
  EXPECT_THAT(found.error().remedy, HasSubstr("known"));
}

TEST(model_store, a_folder_is_taken_as_it_is_with_or_without_a_trailing_slash) {
  const temp_dir dir;
  dir.write("m/config.json", "{}");
  const model_store store({});
  EXPECT_EQ(store.resolve((dir.path() / "m").string()).value(), dir.path() / "m");
  EXPECT_EQ(store.resolve((dir.path() / "m").string() + "/").value().filename(), "m");
}

TEST(model_store, folders_without_a_configuration_and_odd_names_are_refused) {
  const temp_dir dir;
  const model_store store({dir.path()});
  const std::string zero("a\0b", 3);
  for (const auto& name : {std::string(), zero, std::string(".."), std::string("../x"), dir.path().string(),
                           std::string("/none"), std::string(5000, 'n')})
    EXPECT_EQ(store.resolve(name).error().kind, failure_kind::model_missing) << name.substr(0, 40);
}

} // namespace
} // namespace trainyard
