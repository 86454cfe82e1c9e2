// Small JPEG pictures of the originals, where they still are.
#pragma once

#include <string>
#include <vector>

#include "actors/search/hit_details.hpp"
#include "config/settings.hpp"

namespace trainyard {

inline constexpr std::uint32_t thumbnail_side = 168; ///< pixels

struct thumbnail {
  std::string jpeg;    ///< empty: there is none
  std::string trouble; ///< why there is none, or that the file is another one by now
};

/// One for each hit, in their order, from the files beneath `photos`. What cannot be read says so; only
/// missing decoders are a failure. Blocks.
[[nodiscard]] result<std::vector<thumbnail>> thumbnails_of(const std::vector<search_hit>& hits,
                                                           const std::string& photos, const settings& from);
[[nodiscard]] result<thumbnail> thumbnail_of_file(const std::string& path, const settings& from);

} // namespace trainyard
