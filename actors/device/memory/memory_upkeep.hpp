// Every collection on one device: when the policy asks, and after a shortage; each counted, timed and logged.
#pragma once

#include <functional>
#include <string>

#include "actors/device/memory/collection_policy.hpp"
#include "actors/device/memory/device_memory.hpp"
#include "messages/wire.hpp"

namespace trainyard {

/// Lives on the device's thread. What happens between begin_batch() and end_batch() is that batch's sample.
class memory_upkeep {
public:
  using log_line = std::function<void(const std::string&)>;
  memory_upkeep(device_memory memory, collection_settings settings, log_line log);

  void begin_batch();
  [[nodiscard]] memory_sample end_batch();

  /// Before a pass: collects at the hard mark. False when no collection gets below it, so that the caller
  /// makes smaller passes.
  [[nodiscard]] bool make_room();
  /// After a pass over `images` images, when its tensors are gone: what the policy asks for.
  void after_pass(std::size_t images);
  /// After a pass over `images` images that was out of memory. device_lost when the device no longer answers.
  [[nodiscard]] result<void> after_shortage(std::size_t images);
  /// A pass went through, `with_help` after a shortage and a collection.
  void passed(bool with_help) noexcept { policy_.passed(with_help); }
  /// Passes are smaller from now on: of `images`, because of `why`.
  void say_smaller(std::size_t images, const std::string& why);
  /// A pass was split because it did not fit.
  void count_split() noexcept { ++batch_.oom_splits; }

  [[nodiscard]] const device_spec& device() const noexcept { return memory_.device(); }

private:
  struct collected {
    std::uint64_t freed_bytes = 0;
    std::uint64_t held_bytes = 0;
  };
  [[nodiscard]] result<collected> collect(std::uint32_t collection_counts::*reason);
  void collect_and_say(collection why);

  device_memory memory_;
  collection_policy policy_;
  log_line log_;
  memory_sample batch_;
};

} // namespace trainyard
