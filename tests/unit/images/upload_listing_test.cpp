// What is sent, and the name that says what it is.
#include "nodes/client/upload_listing.hpp"

#include <filesystem>

#include <gmock/gmock.h>

#include "actors/device/image/image_file.hpp"
#include "messages/images.hpp"
#include "messages/subjects.hpp"
#include "nodes/client/submission.hpp"
#include "nodes/client/upload_progress.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct listing_of_uploads : ::testing::Test {
  testing::temp_dir dir;
  void SetUp() override {
    dir.write("b.jpg", "bbb");
    dir.write("a/c.png", "cc");
    dir.write("notes.txt", "no image");
  }
  [[nodiscard]] std::string folder() const { return list_for_upload(dir.path())->folder; }
};

TEST_F(listing_of_uploads, holds_the_images_and_names_what_is_left_out) {
  fs::resize_file(dir.write("huge.jpg", "x"), max_file_bytes + 1);
  const auto all = list_for_upload(dir.path());
  ASSERT_TRUE(all) << all.error().cause;
  ASSERT_EQ(all->images.size(), 2U);
  EXPECT_EQ(all->images[0].path, "a/c.png");
  EXPECT_EQ(all->images[1].path, "b.jpg");
  EXPECT_EQ(all->bytes, 5U);
  EXPECT_THAT(all->left_out, ElementsAre(HasSubstr("huge.jpg")));
}

TEST_F(listing_of_uploads, is_named_by_what_it_holds) {
  const auto first = folder();
  EXPECT_TRUE(is_token(first));
  EXPECT_EQ(folder(), first);
  dir.write("notes.txt", "still no image");
  EXPECT_EQ(folder(), first);
  const auto time = fs::last_write_time(dir.path() / "b.jpg");
  fs::last_write_time(dir.path() / "b.jpg", time + std::chrono::seconds(1));
  EXPECT_NE(folder(), first);
  fs::last_write_time(dir.path() / "b.jpg", time);
  EXPECT_EQ(folder(), first);
  fs::rename(dir.path() / "b.jpg", dir.path() / "d.jpg");
  EXPECT_NE(folder(), first);
}

TEST_F(listing_of_uploads, of_a_folder_without_images_or_of_none_is_refused) {
  const testing::temp_dir empty;
  EXPECT_EQ(list_for_upload(empty.path()).error().kind, failure_kind::input_empty);
  EXPECT_EQ(list_for_upload(dir.path() / "nothing").error().kind, failure_kind::input_missing);
}

TEST_F(listing_of_uploads, gives_the_same_job_the_same_id_and_another_one_another) {
  session_spec one;
  place_in_upload(one, "u-1");
  EXPECT_EQ(one.root, upload_root_name);
  EXPECT_EQ(one.training_directory, "u-1");
  session_spec again;
  place_in_upload(again, "u-1");
  EXPECT_EQ(again.session_id, one.session_id);
  session_spec other_model;
  other_model.model = "m";
  place_in_upload(other_model, "u-1");
  EXPECT_NE(other_model.session_id, one.session_id);
  session_spec named;
  named.session_id = "mine";
  place_in_upload(named, "u-1");
  EXPECT_EQ(named.session_id, "mine");
}

TEST_F(listing_of_uploads, progress_tells_counts_sizes_and_speed) {
  EXPECT_EQ(upload_line({120, 20, 10U << 20U, 15U << 20U, false}, 500, 60U << 20U, 2),
            "Uploading 120/500 images, 15.0 MiB of 60.0 MiB, 20 were there already, 5.0 MiB/s");
  EXPECT_EQ(upload_line({5, 0, 0, 5, true}, 5, 5, 0), "Uploaded 5/5 images, 5 B of 5 B");
}

} // namespace
} // namespace trainyard
