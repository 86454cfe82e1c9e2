// How a directory differs from what the output holds: a merge of two streams in path_before order, step by
// step.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "actors/coordinator/live_listing.hpp"

namespace trainyard {

enum class difference {
  none,      ///< the same size and time, or not to be seen just now: the output keeps it
  added,     ///< not in the output
  changed,   ///< of another size, or failed before and touched since: to be embedded again
  same_size, ///< only the time differs: its content decides
  retry,     ///< as it was, but failed before, and failed images are asked for
  vanished,  ///< not in the directory any more; the output keeps it
  pruned,    ///< not in the directory any more; it shall leave the output
};

struct comparison_step {
  difference what = difference::none;
  live_item before; ///< of all but `added`
  listed_asset now; ///< of added, changed, same_size and retry
};

struct comparison_rules {
  bool prune = false;
  bool retry_failed = false;
  std::function<bool(const std::string& path)> has_failed = {}; ///< before; null: none has
};

/// What stands below a directory that cannot be read now ("dir/" in the walk) has not vanished, nor what
/// stands below a name of which the system says nothing now. Memory: a portion of the listing. Not thread
/// safe; next() blocks on the disk.
class listing_comparison {
public:
  listing_comparison(live_listing known, comparison_rules rules)
      : known_(std::move(known)), rules_(std::move(rules)) {}

  /// Whether give() has to be called before next().
  [[nodiscard]] bool wants_entry() const { return !now_ && !walk_ended_; }
  /// What the walk has found next; nothing at its end.
  void give(std::optional<listed_asset> found);
  /// Nothing where an entry is wanted, and after the last step.
  [[nodiscard]] result<std::optional<comparison_step>> next();

private:
  [[nodiscard]] listed_asset taken_entry();
  [[nodiscard]] comparison_step without_entry();
  [[nodiscard]] comparison_step with_both();
  [[nodiscard]] bool failed(const std::string& path) const;
  [[nodiscard]] bool adds_nothing(const listed_asset& entry) const;

  live_listing known_;
  comparison_rules rules_;
  std::optional<live_item> before_;
  std::optional<listed_asset> now_;
  std::string unreadable_; ///< the directory that the walk could not read, with its '/'
  bool walk_ended_ = false;
  bool known_ended_ = false;
};

} // namespace trainyard
