// Whether giving a CPU's free heap pages back pays: not while they are just what the next pass will need.
// Pure.
#pragma once

#include <cstdint>
#include <optional>

namespace trainyard {

/// The pages that a pass uses stay in the heap between passes; returned, they would be faulted in again one
/// by one, which cost 7 % of the time when it was done every 50 images. So a trim is worth it when the
/// process has grown beyond what it had after the last one plus what passes have been seen to need, and every
/// few times in any case: pictures of all sizes leave small holes, which add up below that.
class trim_policy {
public:
  static constexpr std::uint64_t slack_bytes = 16U << 20;
  static constexpr int most_skipped = 7; ///< times in a row that it is not worth it

  /// `footprint` is the process's, in bytes, when no pass is running.
  [[nodiscard]] bool is_worth_it(std::uint64_t footprint) noexcept {
    if (!floor_)
      return true;
    if (!needed_)
      needed_ = footprint - (footprint < *floor_ ? footprint : *floor_);
    return ++asked_ > most_skipped || footprint > *floor_ + *needed_ + *needed_ / 4 + slack_bytes;
  }
  void trimmed_to(std::uint64_t footprint) noexcept {
    floor_ = footprint;
    needed_.reset();
    asked_ = 0;
  }

private:
  std::optional<std::uint64_t> floor_;  ///< right after the last trim
  std::optional<std::uint64_t> needed_; ///< growth from there to the next time of asking
  int asked_ = 0;                       ///< since the last trim
};

} // namespace trainyard
