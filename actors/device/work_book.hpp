// Pure: the batches a worker has in hand, from delivery to acknowledgement, and which device gets which.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "messages/wire.hpp"

namespace trainyard {

struct prepared_batch;

enum class work_state { reading, ready, embedding, publishing };

struct held_work {
  std::string ack_subject;
  std::shared_ptr<const work_batch> work;
  work_state state = work_state::reading;
  std::uint32_t device = 0;       ///< while embedding
  std::uint64_t assigned = 0;     ///< rises with every assignment: a device takes its batches in this order
  std::uint32_t devices_lost = 0; ///< devices that died while they were at this batch
  std::shared_ptr<const prepared_batch> prepared;
  std::shared_ptr<const std::vector<std::byte>> result; ///< encoded, while publishing
};

using ticket = std::uint64_t;

/// Not thread safe. Tickets ascend in the order of delivery and are never used twice.
class work_book {
public:
  /// A device that takes up to `slots` batches at once. Calling it again for the same device sets its slots.
  void device_up(std::uint32_t device, std::size_t slots);
  /// Forgets the device; returns the tickets it had, which are ready again. `suspects_work`: the one that it
  /// was at may have been the cause, which counts against it.
  std::vector<ticket> device_down(std::uint32_t device, bool suspects_work = true);

  ticket add(std::string ack_subject, std::shared_ptr<const work_batch> work);
  /// Null when the ticket is not held any more (a late message).
  [[nodiscard]] held_work* find(ticket number);
  void prepared(ticket number, std::shared_ptr<const prepared_batch> batch);
  /// The oldest ready batch and the least loaded device with room; both are marked. None when nothing fits.
  std::optional<std::pair<ticket, std::uint32_t>> assign();
  /// A device is done with it, or it was given up; the encoded result awaits its publication.
  void finished(ticket number, std::shared_ptr<const std::vector<std::byte>> result);
  /// Another result for what is being published: the first one cannot be.
  void replace_result(ticket number, std::shared_ptr<const std::vector<std::byte>> result);
  void release(ticket number);

  [[nodiscard]] std::size_t size() const { return held_.size(); }
  [[nodiscard]] const std::map<ticket, held_work>& all() const { return held_; }
  /// A redelivery of what is still in hand: its ticket.
  [[nodiscard]] std::optional<ticket> holding(const work_batch& work) const;
  /// Batches that are no result yet.
  [[nodiscard]] bool has_unfinished() const;

private:
  struct device_load {
    std::size_t slots = 0;
    std::size_t used = 0;
  };

  void free_slot(std::uint32_t device);

  std::map<ticket, held_work> held_;
  std::map<std::uint32_t, device_load> devices_;
  ticket next_ = 1;
  std::uint64_t assignments_ = 0;
};

} // namespace trainyard
