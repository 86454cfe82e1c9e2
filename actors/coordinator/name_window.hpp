// A directory's names in bytewise order, a bounded number in memory however many there are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "messages/failure.hpp"

namespace trainyard {

/// Holds the next names of one directory. A directory with more than `capacity` names is read again for each
/// `capacity` of them: slower than spilling to disk below some 100 million names, but with nothing to clean
/// up.
class name_window {
public:
  /// Names that sort before `from` are never held.
  explicit name_window(std::size_t capacity, std::string from = {})
      : capacity_(capacity < 2 ? 2 : capacity), last_(std::move(from)) {}

  /// The next name, read through `directory_fd` when the window is empty; nothing at the end. The view lives
  /// until the next call.
  [[nodiscard]] result<std::optional<std::string_view>> next(int directory_fd);
  /// True once reading the directory broke off with an error: names may be missing.
  [[nodiscard]] bool incomplete() const { return incomplete_; }
  /// Reads the first names now, so that incomplete() is known.
  [[nodiscard]] result<void> fill(int directory_fd);

private:
  [[nodiscard]] std::string_view at(std::size_t offset) const { return bytes_.c_str() + offset; }
  [[nodiscard]] bool wanted(std::string_view name) const;
  void keep(std::string_view name);
  void keep_smallest();

  std::size_t capacity_;
  std::string last_;   ///< the name handed out last, or where to begin
  bool begun_ = false; ///< last_ was handed out
  bool more_ = true;   ///< the directory holds names beyond the window
  bool incomplete_ = false;
  std::string bytes_;               ///< the names, each with its end mark
  std::vector<std::size_t> starts_; ///< sorted by name once filled
  std::size_t at_ = 0;
  std::optional<std::string> limit_; ///< names after it wait for the next reading
};

} // namespace trainyard
