// The same walk as a coordinator's, so that the same files are images.
#include "nodes/client/upload_listing.hpp"

#include "actors/coordinator/directory_walk.hpp"
#include "actors/device/image/image_file.hpp"
#include "actors/device/image/printable.hpp"
#include "actors/disk/sha256.hpp"

namespace trainyard {

namespace {

std::string why_left_out(const listed_asset& asset) {
  if (asset.path.ends_with('/'))
    return "the folder cannot be read";
  return asset.bytes > max_file_bytes ? check_file_size(asset.bytes).error().cause : "";
}

std::string line_of(const listed_asset& asset) {
  return asset.path + '\0' + std::to_string(asset.bytes) + '\0' + std::to_string(asset.mtime_ns) + '\n';
}

} // namespace

result<upload_listing> list_for_upload(const std::filesystem::path& directory) {
  auto walk = directory_walk::open(directory);
  if (!walk)
    return tl::unexpected(walk.error());
  upload_listing all;
  sha256 name;
  for (;;) {
    auto found = walk->next();
    if (!found)
      return tl::unexpected(found.error());
    if (!*found)
      break;
    auto& asset = **found;
    if (const auto why = why_left_out(asset); !why.empty()) {
      all.left_out.push_back(printable(asset.path) + ": " + why);
      continue;
    }
    const auto line = line_of(asset);
    name.add(std::as_bytes(std::span(line)));
    all.bytes += asset.bytes;
    all.images.push_back(std::move(asset));
  }
  if (all.images.empty())
    return fail(failure_kind::input_empty, directory.string() + " holds no image that can be sent",
                "give a folder of JPEG, PNG, WebP or BMP files");
  const auto digest = name.finish();
  all.folder = "u-" + to_hex(std::span(digest).first(16));
  return all;
}

} // namespace trainyard
