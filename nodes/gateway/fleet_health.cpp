// Check by check; what is not known is said to be unknown, never good.
#include "nodes/gateway/fleet_health.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "nodes/terminal/units.hpp"

namespace trainyard {
namespace {

constexpr double full_from = 0.9;   ///< of a stream's limit
constexpr double tight_from = 0.95; ///< of a device's memory

bool is_live(const node_view& node) {
  return node.state == "live" || node.state == "draining";
}

finding on_connection(const fleet_facts& of) {
  if (of.connected)
    return good("nats", "the gateway is connected");
  return bad("nats", {failure_kind::nats_unreachable,
                      "the gateway has no connection to NATS; what follows is what was",
                      "see whether nats-server runs, and what its log says"});
}

finding on_coordinators(const fleet_facts& of) {
  if (of.sessions)
    return good("coordinators", "one answers");
  return bad("coordinators", {failure_kind::nats_unreachable, "none answers: sessions stand still",
                              "start one: trainyard coordinator"});
}

finding on_workers(const fleet_facts& of) {
  const auto live = std::ranges::count_if(of.workers.nodes, is_live);
  if (live > 0)
    return good("workers", std::to_string(live) + " of " + std::to_string(of.workers.nodes.size()) +
                               " that were heard are live");
  const bool wanted = of.sessions && std::ranges::any_of(of.sessions->sessions, [](const auto& each) {
                        return each.state == "running" || each.state == "queued";
                      });
  return warning("workers", wanted ? "none is live, and sessions wait for one" : "none is live",
                 "start one: trainyard worker");
}

void look_at_device(findings& all, const device_status& each, const std::string& node) {
  const auto name = "device " + node + "/" + each.id;
  if (each.state == "quarantined")
    all.push_back(warning(name, "in quarantine: it ran out of memory or failed, and is tried again by itself",
                          "see the worker's log and what else uses the device"));
  else if (each.state == "lost")
    all.push_back(bad(name, {failure_kind::device_lost, "lost: it does not answer",
                             "see dmesg and the driver, then start the worker again"}));
  else if (each.memory_limit_bytes > 0 &&
           static_cast<double>(each.memory_bytes) > tight_from * static_cast<double>(each.memory_limit_bytes))
    all.push_back(warning(name,
                          bytes_text(each.memory_bytes) + " of " + bytes_text(each.memory_limit_bytes) +
                              " in use after its last batch",
                          "lower --gpu-batch-size, or end what else uses the device"));
}

void look_at_nodes(findings& all, const fleet_facts& of) {
  std::set<std::string> versions;
  for (const auto& each : of.workers.nodes) {
    if (!is_live(each)) {
      all.push_back(warning("worker " + each.node,
                            each.state + ": not heard for " +
                                duration_text(std::chrono::duration<double>(std::floor(each.silent_seconds))),
                            "see whether its machine and process run; what it held goes to others"));
      continue;
    }
    versions.insert(each.version);
    for (const auto& device : each.devices)
      look_at_device(all, device, each.node);
  }
  if (versions.size() > 1)
    all.push_back(warning("versions",
                          "live workers are of " + std::to_string(versions.size()) +
                              " versions: " + *versions.begin() + " to " + *versions.rbegin(),
                          "run the same version everywhere"));
}

void look_at_streams(findings& all, const fleet_facts& of) {
  if (!of.streams)
    return all.push_back(unknown(
        "jetstream", "what waits in the queues is not known: this login may not ask, or no stream is there"));
  std::uint64_t messages = 0;
  bool is_full = false;
  for (const auto& each : of.streams->streams) {
    messages += each.messages;
    if (each.max_bytes == 0 ||
        static_cast<double>(each.bytes) < full_from * static_cast<double>(each.max_bytes))
      continue;
    is_full = true;
    all.push_back(warning(
        "stream " + each.name,
        bytes_text(each.bytes) + " of " + bytes_text(each.max_bytes) + ": when it is full, who writes waits",
        "see that coordinators run and their disks have room; `nats stream edit` raises it"));
  }
  if (!is_full)
    all.push_back(good("jetstream", with_thousands(messages) + " messages wait in " +
                                        std::to_string(of.streams->streams.size()) + " streams"));
}

void look_at_sessions(findings& all, const fleet_facts& of) {
  if (!of.sessions)
    return;
  std::uint64_t failed = 0;
  for (const auto& each : of.sessions->sessions) {
    failed += each.failed;
    if (each.state == "failed")
      all.push_back(warning("session " + each.session_id, "failed: " + each.reason,
                            "when its cause is gone: trainyard retry " + each.session_id));
  }
  if (failed > 0)
    all.push_back(warning("dead letters",
                          with_thousands(failed) + (failed == 1 ? " image failed" : " images failed"),
                          "see the page of dead letters; a session's are tried again by retry"));
}

/// Of the same weight in the order in which they were found.
int weight_of(const finding& each) {
  return each.how == verdict::bad       ? 0
         : each.how == verdict::warning ? 1
         : each.how == verdict::unknown ? 2
                                        : 3;
}

} // namespace

findings findings_of(const fleet_facts& of) {
  findings all{on_connection(of), on_coordinators(of), on_workers(of)};
  look_at_nodes(all, of);
  look_at_streams(all, of);
  look_at_sessions(all, of);
  std::ranges::stable_sort(all, {}, weight_of);
  return all;
}

health_page health_of(const fleet_facts& of) {
  health_page page;
  const auto all = findings_of(of);
  page.ok = all_work(all);
  for (const auto& each : all)
    page.checks.push_back({each.check, std::string(to_string(each.how)), each.text, each.remedy});
  if (of.streams)
    page.streams = of.streams->streams;
  return page;
}

} // namespace trainyard
