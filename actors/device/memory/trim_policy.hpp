// Whether giving a CPU's free heap pages back pays: not while they are just what the next pass will need.
// Pure.
#pragma once

#include <cstdint>
#include <optional>

namespace trainyard {

/// The pages that a pass uses stay in the heap between passes; returned, they would be faulted in again one
/// by one, which cost 7 % of the time. So a trim is worth it when the process has grown beyond what it had
/// after the last one plus what passes have been seen to need.
class trim_policy {
public:
  static constexpr std::uint64_t slack_bytes = 16U << 20;

  /// `footprint` is the process's, in bytes, when no pass is running.
  [[nodiscard]] bool is_worth_it(std::uint64_t footprint) noexcept {
    if (!floor_)
      return true;
    if (!needed_)
      needed_ = footprint - (footprint < *floor_ ? footprint : *floor_);
    return footprint > *floor_ + *needed_ + *needed_ / 4 + slack_bytes;
  }
  void trimmed_to(std::uint64_t footprint) noexcept {
    floor_ = footprint;
    needed_.reset();
  }

private:
  std::optional<std::uint64_t> floor_;  ///< right after the last trim
  std::optional<std::uint64_t> needed_; ///< growth from there to the next time of asking
};

} // namespace trainyard
