// A worker's images from coordinators: fetched in the order in which readers will take them, some ahead.
#pragma once

#include <chrono>
#include <memory>

#include "actors/device/remote_images.hpp"
#include "messages/subjects.hpp"
#include "nodes/nats/connection.hpp"

namespace trainyard {

struct fetched_images_options {
  std::size_t readers = 2; ///< threads that take
  std::size_t most_ahead_bytes = std::size_t{192} << 20U;
  std::chrono::milliseconds patience{30'000};     ///< with a root for which nobody answers
  std::chrono::milliseconds between_looks{5'000}; ///< for somebody who does
};

/// Threads of its own fetch; readers only wait, so a coordinator far away costs them no time as long as
/// enough is ahead.
class fetched_images final : public remote_images {
public:
  [[nodiscard]] static result<std::shared_ptr<fetched_images>>
  open(std::shared_ptr<connection> link, subjects names, fetched_images_options options);
  ~fetched_images() override; ///< stop(), then waits for its threads
  fetched_images(const fetched_images&) = delete;
  fetched_images& operator=(const fetched_images&) = delete;

  void expect(const std::shared_ptr<const work_batch>& work) override;
  result<image_file> take(const work_batch& work, const work_asset& asset) override;
  [[nodiscard]] bool is_out_of_reach(const std::string& root) const override;
  void stop() override;

private:
  struct state;
  explicit fetched_images(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

} // namespace trainyard
