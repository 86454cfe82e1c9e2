// Every in-process message: what one actor tells another. Plain structs; actors/caf_messages.hpp makes them
// known to CAF.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "messages/failure.hpp"
#include "messages/report.hpp"
#include "messages/wire.hpp"

namespace trainyard {

struct delivery;        // actors/links.hpp
struct prepared_batch;  // actors/device/prepared_batch.hpp
struct api_request;     // actors/coordinator/host/coordinator_service.hpp
struct node_heartbeat;  // messages/api.hpp
struct session_outcome; // actors/coordinator/session_outcome.hpp
struct update_order;    // actors/coordinator/directory_update.hpp

// Coordinator side.

// lister -> itself: walk on for one slice of the directory.
struct list_more {};
// lister -> session: the manifest on disk has grown, or is complete.
struct listed {
  std::uint64_t durable_items = 0;
  std::uint64_t ignored = 0;
  bool complete = false;
  bool comparing = false; ///< the listing is an earlier run's; the directory is still to be compared with it
};
// session -> lister: all that was listed stands in the output; see what has changed since.
struct compare_directory {
  std::shared_ptr<const update_order> order;
};
// lister -> session: how the directory differs from what the output holds; a generation of it is sealed where
// it does.
struct directory_compared {
  changes_report found;
};
// lister -> session: the directory cannot be listed any further.
struct listing_failed {
  failure why;
};
// link -> session: the queue's answer to one published batch.
struct work_published {
  std::uint64_t batch = 0;
  batch_piece piece;
  int outcome = 0; ///< publish_outcome
};
// link -> session: one result, not yet acknowledged.
struct result_delivered {
  std::shared_ptr<const delivery> result;
};
// session -> itself: store, sync and acknowledge all results that have arrived meanwhile.
struct commit_results {};
// session -> itself: go on taking superseded rows out of the output.
struct sweep_more {};
// session -> itself, once a second: report progress, send again what is overdue, try a full disk again.
struct session_tick {};
// node or host -> session: dispatch nothing new, keep what arrives within the grace, end in that state.
struct interrupt_session {
  std::chrono::milliseconds grace{};
  std::string state = "interrupted";
};
// host -> session: dispatch nothing new until resume_session; what is in flight is finished.
struct pause_session {};
struct resume_session {};
// host -> session: its share of the batches in flight has changed.
struct resize_window {
  std::size_t batches = 0;
};

// host -> session: a worker that could take its work has none.
struct worker_idle {};

// Coordinator's host.

// service -> host: one published job, not yet acknowledged.
struct job_delivered {
  std::shared_ptr<const delivery> job;
};
// service -> host: one client's request, to be answered once.
struct request_arrived {
  std::shared_ptr<const api_request> request;
};
// service -> host: what a session's owner, whoever it is, says about it each second.
struct session_heard {
  session_progress progress;
};
// service -> host: a worker's heartbeat.
struct node_heard {
  std::shared_ptr<const node_heartbeat> node;
};
// session -> host: how it ended, or was left.
struct session_ended {
  std::shared_ptr<const session_outcome> outcome;
};
// host -> itself, once a second: renew leases, look for sessions without an owner, share out the windows.
struct host_tick {};
// node -> host: give every session back and end.
struct drain_host {};

// Worker side.

// link -> fetcher: one batch of work, not yet acknowledged.
struct work_delivered {
  std::shared_ptr<const delivery> work;
};
// decode threads -> fetcher: the batch's images are pixels now, or failures.
struct batch_prepared {
  std::uint64_t ticket = 0;
  std::shared_ptr<const prepared_batch> batch;
};
// device -> supervisor: the model is on the device.
struct device_loaded {
  std::uint32_t device = 0;
};
// device -> supervisor: why this device is about to end; a restart may help.
struct device_faulted {
  std::uint32_t device = 0;
  failure why;
};
// device -> supervisor: this device cannot work, and a restart would not change that.
struct device_unusable {
  std::uint32_t device = 0;
  failure why;
};
// supervisor -> itself: the back-off of a lost device is over.
struct restart_device {
  std::uint32_t device = 0;
};
// supervisor -> fetcher: what that device had in hand must go to another, or to its successor.
struct device_lost {
  std::uint32_t device = 0;
  bool suspects_work = true; ///< false when what it had in hand cannot be the cause (no memory for any image)
};
// fetcher -> supervisor -> device.
struct embed_batch {
  std::uint64_t ticket = 0;
  std::uint32_t device = 0;
  std::shared_ptr<const prepared_batch> batch;
};
// node -> supervisor -> devices: single images wait that somebody wants soon.
struct queries_wait {};
// device -> supervisor -> fetcher.
struct batch_embedded {
  std::uint64_t ticket = 0;
  std::uint32_t device = 0;
  std::shared_ptr<const batch_result> result;
};
// link -> fetcher: the result stream's answer.
struct result_published {
  std::uint64_t ticket = 0;
  int outcome = 0; ///< publish_outcome
};
// link -> fetcher: coordinators know that this suspected batch begins, or the word of it must be sent again.
struct work_announced {
  std::uint64_t ticket = 0;
  int outcome = 0; ///< publish_outcome
};
// fetcher -> itself: say again that it begins.
struct announce_again {
  std::uint64_t ticket = 0;
};
// fetcher -> itself: publish that result again.
struct publish_again {
  std::uint64_t ticket = 0;
};
// link -> fetcher: the work queue has forgotten the batch, or the confirmation was lost.
struct work_acknowledged {
  std::uint64_t ticket = 0;
};
// fetcher -> itself: tell the queue that everything in hand is still being worked on.
struct working_tick {};
// fetcher -> itself, some time after its hands are empty: are they still?
struct idle_tick {};
// fetcher -> itself, once a second: tell coordinators what this worker has and does.
struct heartbeat_tick {};
// node -> fetcher: take nothing new, hand back what no device has begun, say when nothing is in hand.
struct drain_work {};
// fetcher -> itself: the devices have had their time to finish; what they have not goes back as well.
struct drain_overdue {};
// node -> supervisor: end every device, then yourself.
struct stop_devices {};

} // namespace trainyard
