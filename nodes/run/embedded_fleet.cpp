// Starts the parts in the order in which they need one another; the destructor goes the other way.
#include "nodes/run/embedded_fleet.hpp"

#include <unistd.h>

#include "actors/device/model/lane_set.hpp"
#include "actors/log.hpp"

namespace trainyard {

namespace {

constexpr const char* root_name = "run";
constexpr std::size_t slots_per_device = 2;

std::string node_name() {
  char name[256] = {};
  ::gethostname(name, sizeof name - 1);
  return as_token(name);
}

std::string pool_of(const run_plan& plan) {
  return as_token(plan.model.name + "_" + plan.precision);
}

device_config device_of(const run_plan& plan, std::uint32_t number, std::shared_ptr<ceiling_store> ceilings) {
  const auto& planned = plan.devices[number];
  load_options options;
  options.precision = plan.precision;
  options.max_micro_batch = planned.embedder.gpu_batch_size;
  options.cpu_threads = plan.forward_threads;
  device_config config;
  config.number = number;
  config.node = node_name();
  config.device = planned.device;
  config.memory_fraction = plan.memory_fraction;
  config.embedder = planned.embedder;
  config.load = [folder = plan.model_folder, device = planned.device, options] {
    return load_device_model(folder, device, options);
  };
  config.golden = plan.golden;
  config.ceilings = std::move(ceilings);
  return config;
}

} // namespace

embedded_fleet::embedded_fleet() = default;

result<std::unique_ptr<embedded_fleet>> embedded_fleet::start(const private_server& server,
                                                              const run_plan& plan, const settings& from,
                                                              event_queue& events) {
  std::unique_ptr<embedded_fleet> fleet(new embedded_fleet);
  if (auto connected = fleet->connect(server, events); !connected)
    return tl::unexpected(connected.error());
  fleet->actors_config_ = std::make_unique<caf::actor_system_config>();
  set_scheduler_threads(*fleet->actors_config_, 2);
  fleet->actors_ = std::make_unique<caf::actor_system>(*fleet->actors_config_);
  fleet->start_session(plan, from,
                       events); // first: it makes or refuses the output folder, the commonest mistake
  if (auto worker = fleet->start_worker(plan, from, events); !worker)
    return tl::unexpected(worker.error());
  return fleet;
}

result<void> embedded_fleet::connect(const private_server& server, event_queue& events) {
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

void embedded_fleet::start_session(const run_plan& plan, const settings& from, event_queue& events) {
  session_config config;
  config.session_id = plan.session_id;
  config.directory = plan.directory;
  config.out = plan.out;
  config.root = root_name;
  config.model = plan.model.name;
  config.space_id = plan.model.space_id;
  config.dim = plan.model.dim;
  config.precision = plan.precision;
  config.dtype = from.text("run.dtype");
  config.batch_size = static_cast<std::uint64_t>(from.integer("run.batch_size"));
  config.shard_rows = static_cast<std::uint64_t>(from.integer("run.shard_rows"));
  config.pool = pool_of(plan);
  const auto per_device = slots_per_device + static_cast<std::size_t>(from.integer("device.prefetch"));
  config.window.max_in_flight =
      2 * per_device * plan.devices.size(); // the queue never runs dry while results travel
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

result<void> embedded_fleet::start_worker(const run_plan& plan, const settings& from, event_queue& events) {
  auto root = root_directory::open(plan.directory.string());
  if (!root)
    return tl::unexpected(root.error());
  worker_options options;
  options.fetcher.pool = pool_of(plan);
  options.fetcher.space_id = plan.model.space_id;
  options.fetcher.node = node_name();
  options.fetcher.precision = plan.precision;
  options.fetcher.dim = plan.model.dim;
  options.fetcher.slots = slots_per_device;
  options.fetcher.prefetch = static_cast<std::size_t>(from.integer("device.prefetch"));
  std::shared_ptr<ceiling_store> ceilings;
  if (!plan.state_folder.empty())
    ceilings = std::make_shared<ceiling_store>(plan.state_folder / "ceilings.json");
  for (std::uint32_t number = 0; number < plan.devices.size(); ++number)
    options.devices.push_back(device_of(plan, number, ceilings));
  options.decode_threads = plan.decode_threads;
  options.roots.emplace(root_name, std::make_shared<const root_directory>(std::move(*root)));
  options.image = plan.model.image;
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
