// Settings to a connection that tells of itself.
#include "nodes/cluster/member.hpp"

#include "actors/log.hpp"
#include "nodes/cluster/connection_settings.hpp"
#include "nodes/cluster/host_name.hpp"

namespace trainyard {

namespace {

void say(connection_event event, const std::string& role, node_events& events) {
  switch (event) {
  case connection_event::connected:
    events.push({node_event::what::link_back});
    return log(log_level::info, role, "connected to NATS");
  case connection_event::disconnected:
    events.push({node_event::what::link_lost});
    return log(log_level::warn, role, "the connection to NATS is lost; trying again until it is back");
  case connection_event::closed:
    events.push({node_event::what::failed,
                 {failure_kind::nats_denied, "the server refuses our login now",
                  "see whether it was withdrawn, then start this process again"}});
  }
}

} // namespace

result<cluster_member> join_cluster(const settings& from, const std::string& role, node_events& events) {
  cluster_member member;
  member.node = from.is_auto("cluster.node") ? host_name() : from.text("cluster.node");
  if (!is_token(member.node))
    return fail(failure_kind::config_invalid, "--node is '" + member.node + "'",
                "use 1 to 64 of letters, digits, - and _");
  auto settings_of_link = connection_settings(from, "trainyard " + role, process_environment());
  if (!settings_of_link)
    return tl::unexpected(settings_of_link.error());
  member.names = settings_of_link->names;
  member.options.names = settings_of_link->names;
  member.options.may_administer = from.boolean("nats.administer");
  member.options.streams.replicas = static_cast<int>(from.integer("nats.replicas"));
  member.options.on_trouble = [role](const failure& what) {
    log(log_level::warn, role, what.cause + (what.remedy.empty() ? "" : "; " + what.remedy));
  };
  auto opened = connection::open(settings_of_link->options,
                                 [role, &events](connection_event what) { say(what, role, events); });
  if (!opened)
    return tl::unexpected(opened.error());
  member.link = std::move(*opened);
  return member;
}

result<std::unique_ptr<service_discovery>> announce(const cluster_member& member, const std::string& role,
                                                    const std::string& description,
                                                    std::vector<service_endpoint> endpoints) {
  service_description what;
  what.name = "trainyard-" + role;
  what.version = TRAINYARD_VERSION;
  what.description = description;
  what.endpoints = std::move(endpoints);
  what.metadata = {{"node", member.node}};
  return service_discovery::open(member.link, std::move(what));
}

} // namespace trainyard
