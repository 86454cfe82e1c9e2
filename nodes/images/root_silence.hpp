// Since when nobody has answered for a root, and whether that is too long for anybody to wait.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace trainyard {

/// Thread safe; knows no clock.
class root_silence {
public:
  using time_point = std::chrono::steady_clock::time_point;
  explicit root_silence(std::chrono::milliseconds patience) : patience_(patience) {}

  void heard(const std::string& root) {
    const std::lock_guard lock(mutex_);
    since_.erase(root);
  }
  /// One more request that nobody answered, at `now`. Whether the patience is over.
  bool unheard(const std::string& root, time_point now) {
    const std::lock_guard lock(mutex_);
    auto& silent = since_.try_emplace(root, silence{now, false}).first->second;
    silent.too_long |= now - silent.since >= patience_;
    return silent.too_long;
  }
  /// From the request that found it so until somebody is heard.
  [[nodiscard]] bool is_too_long(const std::string& root) const {
    const std::lock_guard lock(mutex_);
    const auto found = since_.find(root);
    return found != since_.end() && found->second.too_long;
  }
  /// All roots for which it is too long.
  [[nodiscard]] std::vector<std::string> silent_roots() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> roots;
    for (const auto& [root, each] : since_)
      if (each.too_long)
        roots.push_back(root);
    return roots;
  }

private:
  struct silence {
    time_point since;
    bool too_long;
  };
  std::chrono::milliseconds patience_;
  mutable std::mutex mutex_;
  std::map<std::string, silence> since_;
};

} // namespace trainyard
