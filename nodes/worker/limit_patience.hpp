// How a worker bears that the system refuses it open files or memory: it waits, as no image is to blame.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "actors/device/prepared_image.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// Used by many threads at once.
class limit_patience {
public:
  using trouble = std::function<void(failure)>;
  using reading = std::function<result<prepared_image>()>;

  /// `told` hears once of a refusal that lasts longer than `patience`; reads wait on nevertheless, for
  /// whoever hears it to end them.
  explicit limit_patience(trouble told, std::chrono::milliseconds patience = std::chrono::seconds(30));

  /// `once`, again and again while it fails as system_limit; `interrupted` when stop() comes first.
  [[nodiscard]] result<prepared_image> read(const reading& once);
  /// Reads that wait end at once, as interrupted.
  void stop();

private:
  using clock = std::chrono::steady_clock;
  void complain(const failure& why, clock::duration waited);
  [[nodiscard]] bool pause();

  std::mutex mutex_; ///< guards all below
  std::condition_variable changed_;
  trouble told_;
  std::chrono::milliseconds patience_;
  clock::time_point quiet_until_{};
  bool stopping_ = false;
};

} // namespace trainyard
