// The decoders make the square, libjpeg-turbo the file: hostile originals never meet this process's heap.
#include "nodes/search/thumbnails.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

#include <turbojpeg.h>

#include "nodes/search/picture_reader.hpp"

namespace trainyard {
namespace {

constexpr int quality = 80;
constexpr std::size_t most_readers = 4;

image_spec square() {
  image_spec spec;
  spec.resize = thumbnail_side;
  spec.crop = thumbnail_side;
  return spec;
}

constexpr decode_options rough{.scaled_short_side = 2 * thumbnail_side};

struct end_compressor {
  void operator()(void* handle) const noexcept { tjDestroy(handle); }
};

std::string jpeg_of(const prepared_image& image) {
  const std::unique_ptr<void, end_compressor> compressor(tjInitCompress());
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  const auto side = static_cast<int>(thumbnail_side);
  std::string jpeg;
  if (compressor && tjCompress2(compressor.get(), image.pixels.data(), side, 0, side, TJPF_RGB, &bytes, &size,
                                TJSAMP_420, quality, 0) == 0)
    jpeg.assign(reinterpret_cast<const char*>(bytes), size);
  tjFree(bytes);
  return jpeg;
}

thumbnail thumbnail_of(picture_reader& reader, const root_directory& root, const metadata_row& about) {
  const auto path = raw_path_of(about);
  if (!path)
    return {{}, "its name on the disk is not known"};
  const auto image = reader.read(root, *path, rough);
  if (!image)
    return {{},
            image.error().kind == failure_kind::asset_missing ? "the original is not there any more"
                                                              : image.error().cause};
  return {jpeg_of(*image), image->sha256 == about.sha256 ? "" : "changed since it was embedded"};
}

} // namespace

result<thumbnail> thumbnail_of_file(const std::string& path, const settings& from) {
  auto reader = picture_reader::make(square(), from);
  if (!reader)
    return tl::unexpected(reader.error());
  const auto image = (*reader)->read_file(path, rough);
  if (!image)
    return tl::unexpected(image.error());
  return thumbnail{jpeg_of(*image), {}};
}

result<std::vector<thumbnail>> thumbnails_of(const std::vector<search_hit>& hits, const std::string& photos,
                                             const settings& from) {
  std::vector<thumbnail> pictures(hits.size());
  const auto root = root_directory::open(photos);
  if (!root) {
    for (auto& each : pictures)
      each.trouble = "the folder of the originals is not here";
    return pictures;
  }
  const auto cores = std::max<std::size_t>(1, std::thread::hardware_concurrency());
  std::vector<std::unique_ptr<picture_reader>> readers;
  for (std::size_t i = 0; i < std::min({cores, most_readers, hits.size()}); ++i) {
    auto reader = picture_reader::make(square(), from);
    if (!reader)
      return tl::unexpected(reader.error());
    readers.push_back(std::move(*reader));
  }
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> threads;
  for (auto& reader : readers)
    threads.emplace_back([&] {
      for (auto at = next++; at < hits.size(); at = next++)
        pictures[at] = thumbnail_of(*reader, *root, hits[at].about);
    });
  for (auto& each : threads)
    each.join();
  return pictures;
}

} // namespace trainyard
