// One line per message.
#include "actors/device/fetcher.hpp"

#include "actors/caf_mailbox.hpp"

namespace trainyard {

fetcher::fetcher(caf::event_based_actor& self, fetcher_config config, worker_link& link, reader_pool& readers,
                 drained_sink on_drained)
    : self_(self), config_(std::move(config)), link_(link), readers_(readers),
      on_drained_(std::move(on_drained)) {}

caf::message_handler fetcher::handlers() {
  machine_.emplace(config_, link_, ports());
  machine_->start();
  return caf::message_handler{
      [this](const work_delivered& arrived) { machine_->on(arrived); },
      [this](const batch_prepared& ready) { machine_->on(ready); },
      [this](const device_ready& up) {
        supervisor_ = up.supervisor;
        machine_->device_up(up.device);
      },
      [this](const device_lost& down) { machine_->on(down); },
      [this](const batch_embedded& done) { machine_->on(done); },
      [this](const result_published& answer) { machine_->on(answer); },
      [this](const publish_again& again) { machine_->on(again); },
      [this](const work_announced& answer) { machine_->on(answer); },
      [this](const announce_again& again) { machine_->on(again); },
      [this](const work_acknowledged& gone) { machine_->on(gone); },
      [this](const working_tick& tick) { machine_->on(tick); },
      [this](const idle_tick& tick) { machine_->on(tick); },
      [this](const heartbeat_tick& tick) { machine_->on(tick); },
      [this](const drain_work& order) { machine_->on(order); },
      [this](const drain_overdue& late) { machine_->on(late); },
  };
}

fetch_ports fetcher::ports() {
  fetch_ports ports;
  ports.self = mailbox_of<fetch_message>(handle_of(self_));
  ports.now = [] { return std::chrono::steady_clock::now(); };
  ports.read = [this](std::shared_ptr<const work_batch> work, batch_ready ready) {
    readers_.submit(std::move(work), std::move(ready));
  };
  ports.embed = [this](embed_batch order) { tell(supervisor_, std::move(order)); };
  ports.on_drained = on_drained_;
  return ports;
}

} // namespace trainyard
