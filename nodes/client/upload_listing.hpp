// What of a local folder is to be sent, and the name that the cluster keeps it under.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "actors/coordinator/listed_asset.hpp"
#include "messages/failure.hpp"

namespace trainyard {

struct upload_listing {
  std::vector<listed_asset> images;  ///< in the order of every listing
  std::vector<std::string> left_out; ///< a line each, with the reason
  std::uint64_t bytes = 0;           ///< of all images
  /// Made of the images' names, sizes and times: the same folder again has the same, a changed one another,
  /// so that no session ever embeds what is no longer in the folder.
  std::string folder;
};

/// Walks the folder; blocks. input_missing or input_empty.
[[nodiscard]] result<upload_listing> list_for_upload(const std::filesystem::path& directory);

} // namespace trainyard
