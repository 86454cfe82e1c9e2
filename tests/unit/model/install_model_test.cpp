// A model in the store is complete, pinned and has its golden vectors; or it is not there.
#include "actors/device/model/install_model.hpp"

#include <fstream>

#include <gmock/gmock.h>

#include "actors/device/model/golden_reference.hpp"
#include "actors/device/model/load_model.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/model/photos.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using namespace trainyard::testing;
namespace fs = std::filesystem;

const fs::path towers = TRAINYARD_TEST_TOWERS;

TEST(install_model, the_store_has_the_model_with_its_golden_vectors) {
  const temp_dir store;
  const auto installed = install_model(towers / "clip-b32", "small", store.path() / "models").value();
  EXPECT_FALSE(installed.was_there);
  EXPECT_EQ(installed.folder, store.path() / "models/small");
  EXPECT_EQ(installed.identity.name, "small");
  EXPECT_EQ(installed.identity.space_id, describe_model(towers / "clip-b32").value().space_id);
  EXPECT_TRUE(fs::exists(installed.folder / "golden.safetensors"));
  const auto stored = golden_set_of(installed.folder).value();
  EXPECT_EQ(stored.vectors, make_golden_set(towers / "clip-b32").value().vectors);
  EXPECT_EQ(stored.images.size(), 8U);
  const auto count = std::distance(fs::directory_iterator(store.path() / "models"), fs::directory_iterator());
  EXPECT_EQ(count, 1) << "nothing is left beside the model";
}

TEST(install_model, the_same_model_again_changes_nothing_and_another_is_refused) {
  const temp_dir store;
  (void)install_model(towers / "clip-b32", "small", store.path()).value();
  const auto before = fs::last_write_time(store.path() / "small/model.safetensors");
  EXPECT_TRUE(install_model(towers / "clip-b32", "small", store.path()).value().was_there);
  EXPECT_EQ(fs::last_write_time(store.path() / "small/model.safetensors"), before);
  const auto other = install_model(towers / "clip-b16", "small", store.path());
  EXPECT_EQ(other.error().kind, failure_kind::output_mismatch);
}

TEST(install_model, a_bit_that_changes_afterwards_is_noticed_by_its_hash) {
  const temp_dir store;
  (void)install_model(towers / "vit-b16", "small", store.path()).value();
  const auto weights = store.path() / "small/model.safetensors";
  {
    std::fstream file(weights, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(-1, std::ios::end);
    const auto last = file.get();
    file.seekp(-1, std::ios::end);
    file.put(static_cast<char>(last ^ 1));
  }
  const auto model = load_model(store.path() / "small", {});
  ASSERT_FALSE(model.has_value());
  EXPECT_THAT(model.error().cause, HasSubstr("has SHA-256"));
}

TEST(install_model, a_broken_model_leaves_nothing_in_the_store) {
  const temp_dir source;
  source.write("config.json", R"({"model_type":"clip"})");
  const temp_dir store;
  EXPECT_FALSE(install_model(source.path(), "broken", store.path()).has_value());
  EXPECT_TRUE(fs::is_empty(store.path()));
}

TEST(install_model, names_come_from_the_repository_or_the_folder) {
  EXPECT_EQ(store_name_of("/cache/models--openai--clip-vit/snapshots/3d74acf9a28c"), "clip-vit");
  EXPECT_EQ(store_name_of("/models/mine"), "mine");
}

} // namespace
} // namespace trainyard
