// Images that travel over NATS, as workers or clients have no disk in common with the coordinator.
#include "config/options/sections.hpp"

#include <array>

namespace trainyard::option_sections {
namespace {

using enum option_type;

constexpr std::array images_table{
    option{.key = "images.remote_root",
           .flag = "--remote-root",
           .type = list,
           .standard = "",
           .sentence =
               "Like --root; workers without a --root of that name get the images from the coordinator.",
           .item = "NAME=PATH",
           .named_paths = true},
    option{.key = "images.upload_gigabytes",
           .flag = "--upload-gigabytes",
           .type = integer,
           .standard = "100",
           .sentence =
               "Most that clients may have sent by submit --upload, all together; 0 takes no uploads.",
           .least = 0,
           .most = 1'000'000,
           .unit = "GB"},
    option{.key = "images.upload_images",
           .flag = "--upload-images",
           .type = integer,
           .standard = "1000000",
           .sentence = "Most images that clients may have sent, all together.",
           .least = 1,
           .most = 1'000'000'000,
           .unit = "images"},
};

} // namespace

std::span<const option> images() {
  return images_table;
}

} // namespace trainyard::option_sections
