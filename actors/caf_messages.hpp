// Makes every in-process message known to CAF: listed once, in the order of messages/local.hpp.
#pragma once

#include "actors/caf.hpp"
#include "messages/local.hpp"

namespace trainyard {

// supervisor -> fetcher: the device takes batches, through the supervisor that sends this.
struct device_ready {
  std::uint32_t device = 0;
  actor supervisor;
};

} // namespace trainyard

// clang-format off
#define TRAINYARD_EACH_MESSAGE(X) \
  X(trainyard::stop) X(trainyard::actor_down) \
  X(trainyard::list_more) X(trainyard::listed) X(trainyard::compare_directory) X(trainyard::directory_compared) X(trainyard::listing_failed) X(trainyard::work_published) \
  X(trainyard::result_delivered) X(trainyard::commit_results) X(trainyard::sweep_more) X(trainyard::session_tick) X(trainyard::interrupt_session) \
  X(trainyard::pause_session) X(trainyard::resume_session) X(trainyard::resize_window) X(trainyard::worker_idle) \
  X(trainyard::job_delivered) X(trainyard::request_arrived) X(trainyard::session_heard) X(trainyard::node_heard) \
  X(trainyard::session_ended) X(trainyard::host_tick) X(trainyard::drain_host) \
  X(trainyard::work_delivered) X(trainyard::batch_prepared) X(trainyard::device_loaded) X(trainyard::device_faulted) \
  X(trainyard::device_unusable) X(trainyard::restart_device) X(trainyard::device_ready) X(trainyard::device_lost) \
  X(trainyard::embed_batch) X(trainyard::queries_wait) X(trainyard::batch_embedded) X(trainyard::result_published) X(trainyard::publish_again) X(trainyard::work_announced) X(trainyard::announce_again) \
  X(trainyard::work_acknowledged) X(trainyard::working_tick) X(trainyard::idle_tick) X(trainyard::heartbeat_tick) X(trainyard::drain_work) X(trainyard::drain_overdue) X(trainyard::stop_devices)

TRAINYARD_MESSAGES_BEGIN
TRAINYARD_EACH_MESSAGE(TRAINYARD_MESSAGE)
TRAINYARD_MESSAGES_END
TRAINYARD_EACH_MESSAGE(TRAINYARD_IN_PROCESS_ONLY)
// clang-format on

namespace trainyard {

/// Once per process, before the first actor_system.
inline void register_messages() {
#if TRAINYARD_CAF_HAS_TYPE_IDS
  caf::init_global_meta_objects<caf::id_block::trainyard>();
  caf::core::init_global_meta_objects();
#endif
}

} // namespace trainyard
