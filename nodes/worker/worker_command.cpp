// From settings to a worker that serves until a signal, then hands back what it has not begun.
#include "nodes/worker/worker_command.hpp"

#include <cstdio>

#include <unistd.h>

#include "actors/caf_messages.hpp"
#include "actors/device/memory/process_memory.hpp"
#include "config/list_value.hpp"
#include "nodes/cluster/member.hpp"
#include "nodes/nats/nats_worker_link.hpp"
#include "nodes/nats/random_text.hpp"
#include "nodes/run/console.hpp"
#include "nodes/signals.hpp"
#include "nodes/worker/worker_plan.hpp"

namespace trainyard {

namespace {

constexpr std::chrono::seconds drain_deadline(20);

result<root_map> open_roots(const settings& from) {
  root_map roots;
  for (const auto& [name, path] : named_paths(from.list("cluster.root"))) {
    auto opened = root_directory::open(path.string());
    if (!opened)
      return tl::unexpected(opened.error());
    roots.emplace(name, std::make_shared<const root_directory>(std::move(*opened)));
  }
  if (roots.empty())
    return fail(failure_kind::usage, "no root is given, so there is nothing to read images from",
                "--root NAME=PATH, with the names that the cluster's coordinators use");
  return roots;
}

/// The parts in the order in which they need one another; the destructor goes the other way.
class worker_process {
public:
  result<void> start(const settings& from, node_events& events) {
    auto roots = open_roots(from);
    if (!roots)
      return tl::unexpected(roots.error());
    auto plan = plan_worker(from);
    if (!plan)
      return tl::unexpected(plan.error());
    auto member = join_cluster(from, "worker", events);
    if (!member)
      return tl::unexpected(member.error());
    member_ = std::move(*member);
    auto link = nats_worker_link::open(member_.link, member_.options);
    if (!link)
      return tl::unexpected(link.error());
    link_ = std::move(*link);
    set_scheduler_threads(actors_config_, 2);
    actors_ = std::make_unique<caf::actor_system>(actors_config_);
    auto options = worker_options_of(*plan, std::move(*roots),
                                     {member_.node, random_hex(8), TRAINYARD_VERSION}, member_.names);
    auto worker = worker_node::start(*actors_, *link_, std::move(options),
                                     {[&events] { events.push({node_event::what::drained}); },
                                      [&events](failure why) {
                                        events.push({node_event::what::failed, std::move(why)});
                                      }});
    if (!worker)
      return tl::unexpected(worker.error());
    worker_ = std::move(*worker);
    auto found = announce(member_, "worker", "embeds images on this machine's devices", {});
    if (!found)
      return tl::unexpected(found.error());
    discovery_ = std::move(*found);
    return {};
  }

  void drain() {
    discovery_.reset();
    worker_->drain();
  }

  [[nodiscard]] const std::string& node() const { return member_.node; }

  ~worker_process() {
    discovery_.reset();
    worker_.reset();
    link_.reset(); // before the actor system: what waits in it holds handles of actors
    actors_.reset();
  }

private:
  cluster_member member_;
  std::unique_ptr<nats_worker_link> link_;
  caf::actor_system_config actors_config_;
  std::unique_ptr<caf::actor_system> actors_;
  std::unique_ptr<worker_node> worker_;
  std::unique_ptr<service_discovery> discovery_;
};

} // namespace

int worker_command(const settings& from) {
  keep_freed_memory();
  console screen(from);
  node_events events;
  const signal_watch signals([&events, asked = false](int number) mutable {
    if (std::exchange(asked, true))
      ::_exit(128 + number); // what is in hand goes to others when its lease in the queue runs out
    events.push({node_event::what::signal, {}, number});
  });
  register_messages();
  worker_process worker;
  if (const auto started = worker.start(from, events); !started) {
    screen.error(started.error());
    return exit_status_of(started.error().kind);
  }
  screen.say("Worker " + worker.node() + " takes work until it is stopped");
  std::optional<std::chrono::steady_clock::time_point> deadline;
  for (;;) {
    const auto next = events.pop(deadline);
    if (!next) {
      screen.say("What is still in hand goes to others when its lease in the queue runs out");
      ::_exit(0); // the server does not answer, or a device is stuck: waiting would not help
    }
    const auto& event = *next;
    switch (event.kind) {
    case node_event::what::signal:
      screen.say("Stopping: finishing what the devices have begun (once more to stop at once)");
      worker.drain();
      deadline = std::chrono::steady_clock::now() + drain_deadline;
      break;
    case node_event::what::drained:
      return 0;
    case node_event::what::failed:
      screen.error(event.why);
      return exit_status_of(event.why.kind);
    }
  }
}

} // namespace trainyard
