// One thread that calls registered functions about every 50 ms: the only clock of the NATS room.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace trainyard {

class ticker {
public:
  using clock = std::chrono::steady_clock;
  using tick = std::function<void(clock::time_point now)>;
  static constexpr std::chrono::milliseconds period{50};

  ticker();
  ~ticker(); ///< joins the thread; must not run on it

  /// `each` must be quick and must not throw. It runs on the ticker's thread with no lock held that add or
  /// remove need, other than against remove of itself.
  std::uint64_t add(tick each);
  /// Blocks while the function runs; it will not run again. From within a tick it returns at once.
  void remove(std::uint64_t id);

private:
  void run();
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, std::shared_ptr<tick>> ticks_;
  std::uint64_t next_ = 1;
  std::uint64_t running_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace trainyard
