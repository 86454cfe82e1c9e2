// Names that leave the upload, or that no file can have, are refused before anything is made.
#include "nodes/images/upload_path.hpp"

#include <gmock/gmock.h>

namespace trainyard {
namespace {

using ::testing::ElementsAre;

failure_kind refusal(const std::string& path) {
  const auto names = upload_path(path);
  return names ? failure_kind::internal : names.error().kind;
}

TEST(upload_paths, are_taken_apart_as_they_are) {
  EXPECT_THAT(*upload_path("a.jpg"), ElementsAre("a.jpg"));
  EXPECT_THAT(*upload_path("2024/may/..b c\n.jpg"), ElementsAre("2024", "may", "..b c\n.jpg"));
  EXPECT_THAT(*upload_path("\xff\xfe.jpg"), ElementsAre("\xff\xfe.jpg")) << "not UTF-8";
}

TEST(upload_paths, that_leave_the_upload_are_refused_as_such) {
  for (const auto* path : {"..", "../a.jpg", "a/../../b.jpg", "a/..", "/etc/passwd", "/"})
    EXPECT_EQ(refusal(path), failure_kind::asset_outside_root) << path;
}

TEST(upload_paths, that_no_listing_has_are_refused) {
  for (const std::string& path :
       {std::string(), std::string("a//b.jpg"), std::string("./a.jpg"), std::string("a/"),
        std::string(".trainyard/a.jpg"), std::string("a/.trainyard/b.jpg"), std::string("a\0b", 3),
        std::string(256, 'a'), [] {
          std::string deep;
          for (int i = 0; i < 65; ++i)
            deep += "d/";
          return deep + "a.jpg";
        }()})
    EXPECT_EQ(refusal(path), failure_kind::usage) << path.substr(0, 40);
  EXPECT_EQ(refusal(std::string(5'000, 'a')), failure_kind::usage);
}

} // namespace
} // namespace trainyard
