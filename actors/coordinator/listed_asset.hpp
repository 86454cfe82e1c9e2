// One image that the listing found, and the total order in which a listing stands.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace trainyard {

/// What of an entry could be looked at just now: a share may answer one moment and not the next.
enum class sight : std::uint8_t {
  whole,
  partial,  ///< an image by its name, or what could not be told apart, but not its size and time
  doubtful, ///< it could not be opened to tell whether it is an image
};

struct listed_asset {
  std::string path;          ///< relative to the root, raw bytes; ends in '/' for an unreadable directory
  std::uint64_t bytes = 0;   ///< 0 for what is not a regular file
  std::int64_t mtime_ns = 0; ///< since the epoch
  sight seen = sight::whole; ///< of the moment: no manifest keeps it

  bool operator==(const listed_asset&) const = default;
};

/// The one order of every listing: paths component by component, each compared as unsigned bytes. A
/// directory's content so stands where its name sorts ("a/z" before "a-b"), as '/' counts less than any other
/// byte.
[[nodiscard]] inline bool path_before(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char left, char right) {
    const auto rank = [](char byte) { return byte == '/' ? 0 : 1 + static_cast<unsigned char>(byte); };
    return rank(left) < rank(right);
  });
}

} // namespace trainyard
