// `submit --upload`: sends a folder's images to the coordinators; what is there already is not sent again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "nodes/client/api_client.hpp"
#include "nodes/client/upload_listing.hpp"

namespace trainyard {

struct upload_outcome {
  std::uint64_t sent = 0;
  std::uint64_t already_there = 0;
  std::uint64_t bytes_sent = 0;
  std::vector<std::string> left_out; ///< a line each: images that cannot be read here, with the reason
};

/// Blocks until every image of the listing is stored there or left out, on a few threads; shows progress on
/// stderr. The first refusal ends it; the same again goes on where it ended.
[[nodiscard]] result<upload_outcome> upload(api_client& api, const std::filesystem::path& directory,
                                            const upload_listing& listing, const settings& from);

} // namespace trainyard
