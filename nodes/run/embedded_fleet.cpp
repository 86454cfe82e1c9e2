// Starts the parts in the order in which they need one another; the destructor goes the other way.
#include "nodes/run/embedded_fleet.hpp"

#include "actors/coordinator/session_actor.hpp"
#include "actors/log.hpp"
#include "nodes/cluster/host_name.hpp"
#include "nodes/nats/random_text.hpp"

namespace trainyard {

namespace {

constexpr const char* root_name = "run";

} // namespace

embedded_fleet::embedded_fleet() = default;

result<std::unique_ptr<embedded_fleet>> embedded_fleet::start(const private_server& server,
                                                              const run_plan& plan, const settings& from,
                                                              run_events& events) {
  std::unique_ptr<embedded_fleet> fleet(new embedded_fleet);
  if (auto connected = fleet->connect(server, events); !connected)
    return tl::unexpected(connected.error());
  fleet->actors_config_ = std::make_unique<caf::actor_system_config>();
  set_scheduler_threads(*fleet->actors_config_, 2);
  fleet->actors_ = std::make_unique<caf::actor_system>(*fleet->actors_config_);
  fleet->start_session(plan, from,
                       events); // first: it makes or refuses the output folder, the commonest mistake
  if (auto worker = fleet->start_worker(plan, events); !worker)
    return tl::unexpected(worker.error());
  return fleet;
}

result<void> embedded_fleet::connect(const private_server& server, run_events& events) {
  connection_options options;
  options.urls = {server.url()};
  options.token = server.token();
  nats_link_options link;
  link.on_trouble = [](const failure& what) { log(log_level::warn, "nats", what.cause); };
  for (auto* one : {&coordinator_connection_, &worker_connection_}) {
    options.name = one == &coordinator_connection_ ? "trainyard coordinator" : "trainyard worker";
    auto opened = connection::open(options, [&events](connection_event what) {
      events.push(link_changed{what == connection_event::connected});
    });
    if (!opened)
      return tl::unexpected(opened.error());
    *one = std::move(*opened);
  }
  auto coordinator = nats_coordinator_link::open(coordinator_connection_, link);
  if (!coordinator)
    return tl::unexpected(coordinator.error());
  coordinator_link_ = std::move(*coordinator);
  auto worker = nats_worker_link::open(worker_connection_, link);
  if (!worker)
    return tl::unexpected(worker.error());
  worker_link_ = std::move(*worker);
  return {};
}

void embedded_fleet::start_session(const run_plan& plan, const settings& from, run_events& events) {
  session_config config;
  config.session_id = plan.session_id;
  config.directory = plan.directory;
  config.out = plan.out;
  config.root = root_name;
  config.model = plan.worker.model.name;
  config.space_id = plan.worker.model.space_id;
  config.dim = plan.worker.model.dim;
  config.precision = plan.worker.precision;
  config.dtype = from.text("run.dtype");
  config.batch_size = static_cast<std::uint64_t>(from.integer("run.batch_size"));
  config.shard_rows = static_cast<std::uint64_t>(from.integer("run.shard_rows"));
  config.prune = from.boolean("run.prune");
  config.retry_failed = from.boolean("run.retry_failed");
  config.pool = plan.worker.pool;
  const auto& worker = plan.worker;
  config.window.max_in_flight = 2 * (worker.slots + worker.prefetch) *
                                worker.devices.size(); // the queue never runs dry while results travel
  session_sinks sinks;
  sinks.on_progress = [&events](session_progress progress) { events.push(std::move(progress)); };
  sinks.on_end = [&events](session_outcome outcome) { events.push(std::move(outcome)); };
  session_ = spawn_detached<session_actor>(*actors_, std::move(config),
                                           std::ref<coordinator_link>(*coordinator_link_), std::move(sinks));
  on_crash(session_, [&events](const std::string& why) {
    events.push(session_lost{
        {failure_kind::internal, "the coordinator ended: " + why, "run the same command again"}});
  });
}

result<void> embedded_fleet::start_worker(const run_plan& plan, run_events& events) {
  auto root = root_directory::open(plan.directory.string());
  if (!root)
    return tl::unexpected(root.error());
  root_map roots;
  roots.emplace(root_name, std::make_shared<const root_directory>(std::move(*root)));
  auto options = worker_options_of(plan.worker, std::move(roots),
                                   {host_name(), random_hex(8), TRAINYARD_VERSION}, subjects());
  auto worker = worker_node::start(*actors_, *worker_link_, std::move(options),
                                   {[&events] { events.push(worker_drained{}); },
                                    [&events](failure why) { events.push(worker_lost{std::move(why)}); }});
  if (!worker)
    return tl::unexpected(worker.error());
  worker_ = std::move(*worker);
  return {};
}

void embedded_fleet::drain() {
  if (worker_)
    worker_->drain();
}

embedded_fleet::~embedded_fleet() {
  if (session_) {
    tell(session_, interrupt_session{std::chrono::milliseconds(0)}); // of no effect when it has ended
    caf::scoped_actor waiting(*actors_);
    waiting->wait_for(session_);
    session_ = nullptr;
  }
  worker_.reset();
  // Links before the actor system: what waits in them holds handles of actors, which would hold up its end.
  worker_link_.reset();
  coordinator_link_.reset();
  actors_.reset();
}

} // namespace trainyard
