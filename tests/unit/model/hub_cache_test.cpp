// A cache as Hugging Face's tools lay it out, and caches that somebody has bent.
#include "actors/device/model/hub_cache.hpp"

#include <gmock/gmock.h>

#include "actors/device/model/model_store.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using trainyard::testing::temp_dir;
namespace fs = std::filesystem;

constexpr const char* commit = "3d74acf9a28c67741b2f4f2ea7635f0aaf6f0268";

/// openai/clip with its files as links into blobs.
struct cache {
  temp_dir dir;
  fs::path repository = dir.path() / "models--openai--clip";
  fs::path snapshot = repository / "snapshots" / commit;

  cache() {
    dir.write("models--openai--clip/refs/main", std::string(commit) + "\n");
    dir.write("models--openai--clip/blobs/aa", "{}");
    dir.write("models--openai--clip/blobs/bb", "weights");
    fs::create_directories(snapshot);
    fs::create_symlink("../../blobs/aa", snapshot / "config.json");
    fs::create_symlink("../../blobs/bb", snapshot / "model.safetensors");
  }
  [[nodiscard]] failure refusal(const std::string& name = "openai/clip") const {
    const auto found = hub_cache(dir.path()).resolve(name);
    EXPECT_FALSE(found.has_value());
    return found ? failure{} : found.error();
  }
};

TEST(hub_cache, a_name_is_the_snapshot_that_main_refers_to) {
  const cache with;
  const hub_cache hub(with.dir.path());
  EXPECT_EQ(hub.resolve("openai/clip").value(), with.snapshot);
  EXPECT_EQ(hub.resolve(std::string("openai/clip@") + commit).value(), with.snapshot);
  EXPECT_THAT(hub.names(), ElementsAre("openai/clip"));
  EXPECT_EQ(repository_of_snapshot(with.snapshot), "openai/clip");
  EXPECT_EQ(commit_of_snapshot(with.snapshot), commit);
  EXPECT_EQ(repository_of_snapshot("/models/clip"), "");
}

TEST(hub_cache, copies_instead_of_links_are_as_good) {
  const cache with;
  fs::remove(with.snapshot / "config.json");
  fs::copy_file(with.repository / "blobs/aa", with.snapshot / "config.json");
  EXPECT_EQ(hub_cache(with.dir.path()).resolve("openai/clip").value(), with.snapshot);
}

TEST(hub_cache, what_is_not_there_is_missing_and_never_fetched) {
  const cache with;
  EXPECT_EQ(with.refusal("openai/other").kind, failure_kind::model_missing);
  EXPECT_THAT(with.refusal("openai/other").remedy, HasSubstr("hf download openai/other"));
  EXPECT_THAT(with.refusal("openai/clip@dev").cause, HasSubstr("without the revision 'dev'"));
  fs::remove(with.repository / "refs/main");
  EXPECT_THAT(with.refusal().cause, HasSubstr("without the revision 'main'"));
  EXPECT_EQ(hub_cache().resolve("openai/clip").error().kind, failure_kind::model_missing);
  EXPECT_TRUE(hub_cache("/nowhere").names().empty());
}

TEST(hub_cache, an_incomplete_download_is_told_from_a_missing_one) {
  const cache with;
  fs::remove(with.repository / "blobs/bb");
  EXPECT_EQ(with.refusal().kind, failure_kind::model_missing);
  EXPECT_THAT(with.refusal().cause, HasSubstr("download is not complete"));
}

TEST(hub_cache, links_that_lead_out_of_the_repository_are_refused) {
  const temp_dir outside;
  outside.write("secret.safetensors", "weights");
  const cache with;
  fs::remove(with.snapshot / "model.safetensors");
  fs::create_symlink(outside.path() / "secret.safetensors", with.snapshot / "model.safetensors");
  EXPECT_EQ(with.refusal().kind, failure_kind::model_invalid);
  EXPECT_THAT(with.refusal().cause, HasSubstr("leads out of its repository"));
  const cache moved;
  fs::remove_all(moved.snapshot);
  fs::create_directory_symlink(outside.path(), moved.snapshot);
  EXPECT_THAT(moved.refusal().cause, HasSubstr("leads out of its repository"));
}

TEST(hub_cache, references_that_are_no_commit_are_not_followed) {
  const cache with;
  for (const auto* text : {"../../../etc", "", "main", "/"}) {
    with.dir.write("models--openai--clip/refs/main", text);
    EXPECT_EQ(with.refusal().kind, failure_kind::model_missing) << text;
  }
}

TEST(hub_cache, only_texts_of_the_hubs_own_form_are_names) {
  for (const auto* name : {"openai/clip-vit-base-patch32", "laion/CLIP-ViT-B-32_x.y", "a/b@main"})
    EXPECT_TRUE(hub_cache::is_name(name)) << name;
  for (const auto* name : {"", "/", "a", "a/", "/b", "a/b/c", "../b", "a/..", "./b", "a//b", "a/b@",
                           "a/b@../x", "a/b c", "a/-b", "a--b/c", "~/b"})
    EXPECT_FALSE(hub_cache::is_name(name)) << name;
}

TEST(hub_cache, the_store_prefers_a_folder_of_that_path) {
  const cache with;
  const model_store store({}, hub_cache(with.dir.path()));
  EXPECT_EQ(store.resolve("openai/clip").value(), with.snapshot);
  EXPECT_EQ(store.resolve(with.snapshot.string()).value(), with.snapshot);
}

} // namespace
} // namespace trainyard
