// "Did you mean": the nearest known word to one that was mistyped.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace trainyard {

/// Insertions, deletions, substitutions and swaps of neighbours that make `from` into `to`; '-' and '_' and
/// upper and lower case count as equal. O(from x to): words, not documents.
[[nodiscard]] std::size_t edit_distance(std::string_view from, std::string_view to);

/// Keeps the nearest of the words it is shown; the first one wins a tie.
class nearest {
public:
  explicit nearest(std::string_view word) : word_(word) {}
  /// `answer` is what found() gives if `candidate` is nearest; it must outlive this object.
  void consider(std::string_view candidate, std::string_view answer);
  /// nullopt when the nearest is too far to be what was meant (over a third of its length, at least 2).
  [[nodiscard]] std::optional<std::string_view> found() const { return answer_; }
  /// Of found(); the largest number when there is none.
  [[nodiscard]] std::size_t distance() const { return distance_; }

private:
  std::string word_;
  std::size_t distance_ = static_cast<std::size_t>(-1);
  std::optional<std::string_view> answer_;
};

} // namespace trainyard
