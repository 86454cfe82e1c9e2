// A real server that takes 1 MiB, a coordinator's image service, and a worker's end of it.
#pragma once

#include <optional>

#include <gmock/gmock.h>

#include "nodes/images/fetched_images.hpp"
#include "nodes/images/image_fetch.hpp"
#include "nodes/images/image_service.hpp"
#include "tests/integration/nats/nats_world.hpp"

namespace trainyard::testing {

struct image_world : nats_world {
  temp_dir dir;
  std::filesystem::path photos = dir.path() / "photos";
  std::filesystem::path uploads = dir.path() / "uploads";
  upload_limits limits{1'000'000'000, 1'000, 0};

  image_world() : nats_world(1U << 20U) { std::filesystem::create_directory(photos); }
  [[nodiscard]] std::unique_ptr<image_service> serve() const {
    image_service_options with;
    with.names = options.names;
    with.roots = {{"photos", photos}, {"uploads", uploads}};
    with.uploads = uploads;
    with.limits = limits;
    auto opened = image_service::open(connect(), with);
    EXPECT_TRUE(opened) << opened.error().cause;
    return std::move(*opened);
  }
  /// So that a part in the wrong place shows.
  [[nodiscard]] static std::string content(std::size_t bytes, unsigned seed = 1) {
    std::string made(bytes, '\0');
    for (std::size_t i = 0; i < bytes; ++i) {
      seed = seed * 1'664'525U + 1'013'904'223U;
      made[i] = static_cast<char>(seed >> 24U);
    }
    return made;
  }
  [[nodiscard]] static std::string text(const image_file& file) {
    return {reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()};
  }
  [[nodiscard]] static std::shared_ptr<const work_batch> batch_of(const std::vector<std::string>& paths) {
    auto work = std::make_shared<work_batch>();
    work->root = "photos";
    work->remote = true;
    for (const auto& path : paths)
      work->assets.push_back({path, 1'000, 0});
    return work;
  }
};

} // namespace trainyard::testing
