// Single images that somebody waits for, between those who ask and a worker's devices: bounded, any threads.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "actors/device/prepared_image.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// One image on its way. A device that has taken it owes it one answer.
struct image_query {
  prepared_image image;
  std::function<void(result<std::vector<float>>)> answer; ///< any thread; does not block
};

class query_queue {
public:
  explicit query_queue(std::size_t most_waiting = 64) : most_waiting_(most_waiting) {}

  /// Blocks until a device has answered: the row of identity().dim floats, or what the device says of it.
  /// coordinator_busy where as many wait as may; device_unavailable where there is none or none answers in
  /// time; interrupted once it is closed.
  [[nodiscard]] result<std::vector<float>> ask(prepared_image image, std::chrono::milliseconds patience);
  /// A device that answers has come, or is gone. While there is none, asking is refused at once, as
  /// device_unavailable: another worker may have one.
  void device_came();
  void device_left();
  /// `wake` runs, on the asker's thread, whenever something waits: for devices that have nothing to do.
  void set_wake(std::function<void()> wake);
  /// At most `most`, the oldest first, without those whose askers have given up.
  [[nodiscard]] std::vector<image_query> take(std::size_t most);
  /// Whoever waits or comes later is interrupted.
  void close();

private:
  struct asker; ///< the one who waits
  std::mutex mutex_;
  std::deque<std::shared_ptr<asker>> waiting_;
  std::function<void()> wake_;
  std::size_t most_waiting_;
  std::size_t devices_ = 0;
  bool closed_ = false;
};

} // namespace trainyard
