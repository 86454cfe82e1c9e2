// The commands.
#include "config/commands.hpp"

#include <algorithm>
#include <array>

namespace trainyard {
namespace {

using names = std::string_view;

constexpr std::array<names, 4> run_sections{"run", "device", "paths", "log"};
constexpr std::array<names, 9> every_section{"run",     "device",  "nats",  "cluster", "images",
                                             "gateway", "metrics", "paths", "log"};

constexpr std::array<names, 6> coordinator_sections{"nats", "cluster", "images", "metrics", "paths", "log"};
constexpr std::array<names, 6> coordinator_keys{"run.model",      "run.batch_size",   "run.dtype",
                                                "run.shard_rows", "device.precision", "device.prefetch"};
constexpr std::array<names, 6> worker_sections{"device", "nats", "cluster", "metrics", "paths", "log"};
constexpr std::array<names, 1> worker_keys{"run.model"};

constexpr std::array<names, 3> gateway_sections{"gateway", "nats", "log"};
constexpr std::array<names, 1> gateway_keys{"cluster.node"};

constexpr std::array<names, 2> submit_sections{"nats", "job"};
constexpr std::array<names, 9> submit_keys{"run.model", "run.batch_size",   "run.dtype",
                                           "run.prune", "run.json",         "run.progress",
                                           "log.level", "device.precision", "device.gpu_batch_size"};
constexpr std::array<names, 1> client_sections{"nats"};
constexpr std::array<names, 1> client_keys{"run.json"};
constexpr std::array<names, 3> watch_keys{"run.json", "run.progress", "log.level"};
constexpr std::array<names, 2> failures_sections{"page", "nats"};

constexpr names of_session = "Id of the session, as `trainyard sessions` lists it.";

constexpr command about_session(names name, names sentence) {
  return {.name = name,
          .sentence = sentence,
          .positional = "ID",
          .positional_sentence = of_session,
          .sections = client_sections,
          .keys = client_keys};
}

constexpr std::array list{
    command{.name = "run",
            .sentence = "Embed all images of a folder on this machine.",
            .positional = "DIR",
            .positional_sentence = "Folder of images, with all folders below it.",
            .sections = run_sections},
    command{.name = "coordinator",
            .sentence = "Take sessions from a cluster's clients, and see them through.",
            .sections = coordinator_sections,
            .keys = coordinator_keys},
    command{.name = "worker",
            .sentence = "Embed on this machine's devices for a cluster.",
            .sections = worker_sections,
            .keys = worker_keys},
    command{.name = "gateway",
            .sentence = "Serve a cluster's HTTP API and dashboard.",
            .sections = gateway_sections,
            .keys = gateway_keys},
    command{
        .name = "submit",
        .sentence = "Give a cluster a folder of images to embed.",
        .positional = "DIR",
        .positional_sentence =
            "Folder of images as coordinator and workers see it: below --root, or absolute. With --upload: "
            "of this machine.",
        .sections = submit_sections,
        .keys = submit_keys},
    command{.name = "sessions",
            .sentence = "List the sessions of a cluster.",
            .sections = client_sections,
            .keys = client_keys},
    about_session("status", "Show how far a session is."),
    command{.name = "watch",
            .sentence = "Follow a session to its end, then show its report.",
            .positional = "ID",
            .positional_sentence = of_session,
            .sections = client_sections,
            .keys = watch_keys},
    about_session("pause", "Stop a session until it is resumed; what is done stays done."),
    about_session("resume", "Let a paused session go on."),
    about_session("cancel", "End a session for good; what is done stays done."),
    about_session("retry", "Embed a session's failed images again."),
    command{.name = "failures",
            .sentence = "List a session's failed images.",
            .positional = "ID",
            .positional_sentence = of_session,
            .sections = failures_sections,
            .keys = client_keys},
    command{.name = "devices",
            .sentence = "List the devices of a cluster.",
            .sections = client_sections,
            .keys = client_keys},
    command{.name = "config show",
            .sentence = "Show every option's value as trainyard would use it now.",
            .sections = every_section,
            .switch_name = "--origin",
            .switch_sentence = "Say where each value comes from."},
    command{.name = "version", .sentence = "Show the version."},
};

} // namespace

std::span<const command> commands() {
  return list;
}

bool takes(const command& of, const option& which) {
  const auto section = which.key.substr(0, which.key.find('.'));
  return std::ranges::find(of.sections, section) != of.sections.end() ||
         std::ranges::find(of.keys, which.key) != of.keys.end();
}

} // namespace trainyard
