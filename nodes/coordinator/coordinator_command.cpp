// From settings to a coordinator that serves until a signal, then gives its sessions to others.
#include "nodes/coordinator/coordinator_command.hpp"

#include "actors/coordinator/host/patience.hpp"
#include "nodes/cluster/member.hpp"
#include "nodes/cluster/serve.hpp"
#include "nodes/coordinator/coordinator_plan.hpp"
#include "nodes/images/image_service.hpp"
#include "nodes/metrics/role_metrics.hpp"
#include "nodes/nats/nats_coordinator_link.hpp"
#include "nodes/nats/nats_coordinator_service.hpp"
#include "nodes/nats/nats_session_registry.hpp"
#include "nodes/system_room.hpp"

namespace trainyard {

namespace {

/// The parts in the order in which they need one another; the destructor goes the other way.
class coordinator_process {
public:
  result<void> start(const settings& from, node_events& events) {
    if (auto room = find_room({24, 64}); !room) // sessions take three threads each beside it
      return room;
    auto member = join_cluster(from, "coordinator", events);
    if (!member)
      return tl::unexpected(member.error());
    member_ = std::move(*member);
    if (auto shown = show_metrics(from); !shown)
      return shown;
    auto config = plan_coordinator(from, member_.node);
    if (!config)
      return tl::unexpected(config.error());
    config->names = member_.names;
    if (auto linked = until_answered([this] { return open_links(); }); !linked)
      return linked;
    if (auto served = serve_images(from, config->intake); !served)
      return served;
    set_scheduler_threads(actors_config_, 2);
    actors_ = std::make_unique<caf::actor_system>(actors_config_);
    host_ = spawn_detached<session_host>(*actors_, std::move(*config), std::ref<coordinator_link>(*link_),
                                         std::ref<session_registry>(*registry_),
                                         std::ref<coordinator_service>(*service_),
                                         [&events](std::optional<failure> why) {
                                           if (why)
                                             events.push({node_event::what::failed, std::move(*why)});
                                           else
                                             events.push({node_event::what::drained});
                                         });
    on_crash(host_, [&events](const std::string& why) {
      events.push({node_event::what::failed,
                   {failure_kind::internal, "the coordinator ended: " + why,
                    "start it again: sessions go on where they stopped"}});
    });
    auto found = announce(member_, "coordinator", "takes sessions and sees them through", endpoints());
    if (!found)
      return tl::unexpected(found.error());
    discovery_ = std::move(*found);
    return {};
  }

  void drain() {
    discovery_.reset();
    tell(host_, drain_host{});
  }

  [[nodiscard]] const std::string& node() const { return member_.node; }

  ~coordinator_process() {
    discovery_.reset();
    if (host_) {
      tell(host_, stop{});
      wait_for_end(*actors_, host_);
      host_ = nullptr;
    }
    images_.reset();  // last of all that answers: others' workers may be asking
    service_.reset(); // its sinks hold the host
    link_.reset();    // before the actor system: what waits in it holds handles of actors
    actors_.reset();
  }

private:
  result<void> show_metrics(const settings& from) {
    auto opened = role_metrics::open(
        from, {"coordinator", TRAINYARD_VERSION, [link = member_.link] { return link->connected(); }});
    if (!opened)
      return tl::unexpected(opened.error());
    metrics_ = std::move(*opened);
    if (metrics_)
      member_.options.on_event = [to = metrics_.get()](const auto& event) { to->saw(event); };
    return {};
  }

  result<void> open_links() {
    auto link = nats_coordinator_link::open(member_.link, member_.options);
    if (!link)
      return tl::unexpected(link.error());
    link_ = std::move(*link);
    session_registry_options options;
    options.names = member_.names;
    options.replicas = member_.options.streams.replicas;
    options.on_trouble = member_.options.on_trouble;
    auto registry = nats_session_registry::open(member_.link, std::move(options));
    if (!registry)
      return tl::unexpected(registry.error());
    registry_ = std::move(*registry);
    service_ = std::make_unique<nats_coordinator_service>(member_.link, member_.options);
    return {};
  }

  /// Before any session is ours: its workers may ask at once.
  result<void> serve_images(const settings& from, const intake_rules& rules) {
    image_service_options options;
    options.names = member_.names;
    options.limits = upload_limits_of(from);
    for (const auto& name : rules.remote_roots)
      options.roots.emplace(name, rules.roots.at(name));
    if (!rules.upload_root.empty())
      options.uploads = rules.roots.at(rules.upload_root);
    if (options.roots.empty())
      return {};
    auto opened = image_service::open(member_.link, options);
    if (!opened)
      return tl::unexpected(opened.error());
    images_ = std::move(*opened);
    return {};
  }

  [[nodiscard]] std::vector<service_endpoint> endpoints() const {
    std::vector<service_endpoint> all;
    for (const auto* verb : {"submit", "list", "devices"})
      all.push_back({verb, member_.names.api(verb), member_.names.coordinators()});
    for (const auto* verb : {"status", "pause", "resume", "cancel", "retry", "failures"})
      all.push_back({verb, member_.names.api(verb, "*"), member_.names.coordinators()});
    if (images_) {
      all.push_back({"images", member_.names.images("*"), member_.names.coordinators()});
      all.push_back({"upload", member_.names.upload("*"), member_.names.coordinators()});
    }
    return all;
  }

  cluster_member member_;
  std::unique_ptr<role_metrics> metrics_; ///< before the link, which tells it of events
  std::unique_ptr<nats_coordinator_link> link_;
  std::unique_ptr<nats_session_registry> registry_;
  std::unique_ptr<nats_coordinator_service> service_;
  std::unique_ptr<image_service> images_;
  caf::actor_system_config actors_config_;
  std::unique_ptr<caf::actor_system> actors_;
  actor host_;
  std::unique_ptr<service_discovery> discovery_;
};

} // namespace

int coordinator_command(const settings& from) {
  return serve<coordinator_process>(from, {"Coordinator", "takes sessions until it is stopped",
                                           "giving the sessions back",
                                           "What could not be recorded is found by the next coordinator"});
}

} // namespace trainyard
